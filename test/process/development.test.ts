import { readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { parseArguments } from '../../scripts/run.mjs'
import { cloneDatabase } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { startSignOnProcess } from '../support/sign-on-process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `npm run dev` runs, without the preparation before it. */
function developmentCommand(): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { nodeFlags, file } = parseArguments(scripts.dev.split(' ').slice(2))
  return [...nodeFlags, file!]
}

test('npm run dev starts again after a change of a module, a template or a style sheet', async () => {
  const folder = temporaryFolder('development')
  const database = await cloneDatabase()
  const port = await freePort()
  const { child } = await startSignOnProcess(
    {
      CSO_ISSUER: `http://localhost:${port}`,
      CSO_KEYS_DIR: join(folder.path, 'keys'),
      DATABASE_URL: database.url,
    },
    port,
    developmentCommand(),
  )
  onTestFinished(async () => {
    child.signal('SIGTERM')
    await child.exited
    await database.drop()
    folder.remove()
  })
  const starts = () => child.stdout().match(/"msg":"listening"/g)?.length ?? 0

  // The first is one of those that `main.ts` loads only once the settings are found right.
  for (const path of [
    'src/oidc/claims.ts',
    'src/signin/templates/sign-in.eta',
    'src/http/static/cso.css',
  ]) {
    const before = starts()
    const now = new Date()
    utimesSync(join(root, path), now, now)
    await expect.poll(starts, { timeout: 15_000, message: path }).toBe(before + 1)
  }
}, 60_000)
