/**
 * One court as a process of its own: `node demo/courts/main.ts ncwd` (or `ncwb`, `ca4`, `ca4-api`, `ncmd`, `vendor`).
 * Everything else comes from the environment:
 *
 *   ISSUER, PORT, CLIENT_ID            always
 *   PRIVATE_KEY_FILE                   ncwd: a private JWK (P-256)
 *   CLIENT_SECRET                      the others
 *   API_URL                            ca4: where its filing service listens
 *   NEIGHBOURS                         optional: `[{ "name", "url" }]` for the footer
 */
import { readFileSync } from 'node:fs'
import { startCa4Api } from './ca4-api.ts'
import { startCourt } from './court-app.ts'

function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

async function start(name: string | undefined): Promise<{ url: string; stop(): Promise<void> }> {
  const common = {
    issuer: setting('ISSUER'),
    port: Number(setting('PORT')),
    clientId: setting('CLIENT_ID'),
  }
  const neighbours = JSON.parse(process.env['NEIGHBOURS'] ?? '[]')
  switch (name) {
    case 'ncwd': {
      const privateKey = JSON.parse(readFileSync(setting('PRIVATE_KEY_FILE'), 'utf8'))
      return startCourt({ ...common, neighbours, court: name, privateKey })
    }
    case 'ncwb':
    case 'ncmd':
    case 'vendor':
      return startCourt({
        ...common,
        neighbours,
        court: name,
        clientSecret: setting('CLIENT_SECRET'),
      })
    case 'ca4':
      return startCourt({
        ...common,
        neighbours,
        court: name,
        clientSecret: setting('CLIENT_SECRET'),
        apiUrl: setting('API_URL'),
      })
    case 'ca4-api':
      return startCa4Api({ ...common, clientSecret: setting('CLIENT_SECRET') })
    default:
      throw new Error(`there is no court ${name}: say ncwd, ncwb, ca4, ca4-api, ncmd or vendor`)
  }
}

const court = await start(process.argv[2])
console.log(`listening at ${court.url}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => court.stop())
