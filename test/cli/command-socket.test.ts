import { once } from 'node:events'
import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { applyTexts } from '../../src/cli/apply-texts.ts'
import { commandSocket, sendToServer, takeCommands } from '../../src/cli/command-socket.ts'
import { kit } from '../support/kit.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { runSignOn } from '../support/sign-on-process.ts'

const clients = (name: string) =>
  JSON.stringify({
    clients: [
      {
        id: 'late-court',
        kind: 'court',
        name,
        courts: ['ncwd'],
        secrets: ['bGF0ZS1jb3VydC1zZWNyZXQtZm9yLXRoZS10ZXN0LTE'],
        metadata: {
          redirect_uris: ['https://late.test/callback'],
          token_endpoint_auth_method: 'client_secret_basic',
        },
      },
    ],
  })

const test = kit()
  /** A server as it stands on an embedded database, on one that is quicker to start. */
  .extend('serveCommands', { scope: 'file' }, ({ signOn }) => async () => {
    const folder = temporaryFolder('socket')
    const settings = {
      CSO_ISSUER: signOn.issuer,
      CSO_DATA_DIR: folder.path,
      CSO_KEYS_DIR: signOn.config.keys.directory,
    }
    const socket = commandSocket({
      database: { ...signOn.config.database, url: undefined, dataDir: folder.path },
    })!
    const { config, services } = signOn
    const stop = await takeCommands(socket, (texts, options) =>
      applyTexts({ config, keys: services.keys, db: services.db }, texts, options),
    )
    onTestFinished(async () => {
      await stop()
      folder.remove()
    })
    const file = join(folder.path, 'clients.json')
    return {
      socket,
      stop,
      apply(content: string, ...options: string[]) {
        writeFileSync(file, content)
        return runSignOn(settings, ['src/cli/main.ts', 'apply', file, ...options])
      },
    }
  })
  .extend(
    'authorization',
    { scope: 'file' },
    ({ signOn }) =>
      () =>
        `${signOn.issuer}/oidc/auth?${new URLSearchParams({
          client_id: 'late-court',
          response_type: 'code',
          scope: 'openid',
          redirect_uri: 'https://late.test/callback',
          code_challenge: 'a'.repeat(43),
          code_challenge_method: 'S256',
        })}`,
  )

test('a client is registered through the server that holds the embedded database, and is known at once', async ({
  serveCommands,
  authorization,
  audited,
}) => {
  const { apply } = await serveCommands()
  expect(await apply(clients('Late Court'), '--check')).toMatchObject({ code: 0, stderr: '' })
  expect((await fetch(authorization(), { redirect: 'manual' })).status).toBe(400)

  const applied = await apply(clients('Late Court'))
  expect([applied.code, applied.stderr]).toEqual([0, ''])
  expect(applied.stdout).toContain('client late-court')
  const answer = await fetch(authorization(), { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    expect.stringMatching(/^\/sign-in\//),
  ])
  const [row] = await audited('client.registered', { clientId: 'late-court' })
  expect(row).toBeDefined()
}, 60_000)

test('what the server refuses is told with its place, and the command fails', async ({
  serveCommands,
}) => {
  const { apply } = await serveCommands()
  const refused = await apply(clients('Lost Court').replace('"ncwd"', '"nowhere"'))
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/clients\.json:\d+:\d+:/),
  ])
}, 60_000)

test('only the owner may open the socket, and it is gone with the server', async ({
  serveCommands,
}) => {
  const { socket, stop } = await serveCommands()
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  await stop()
  expect(existsSync(socket)).toBe(false)
  expect(await sendToServer(socket, [], { by: byOperator('test'), isCheck: true })).toBeUndefined()
})

test('a socket that a killed server left behind is no obstacle', async ({ serveCommands }) => {
  const { socket, stop } = await serveCommands()
  await stop()
  const left = createServer().listen(socket)
  await once(left, 'listening')
  // What a killed process leaves: the file, and nobody behind it.
  const path = `${socket}.left`
  renameSync(socket, path)
  left.close()
  await once(left, 'close')
  renameSync(path, socket)
  expect(await sendToServer(socket, [], { by: byOperator('test'), isCheck: true })).toBeUndefined()
  const again = await takeCommands(socket, async () => ({
    code: 0,
    lines: ['taken'],
    problems: [],
  }))
  const answer = await sendToServer(socket, [], { by: byOperator('test'), isCheck: true })
  expect(answer?.lines).toEqual(['taken'])
  await again()
})

test('there is none with PostgreSQL, nor with a database in memory', ({ signOn }) => {
  const database = { ...signOn.config.database, url: undefined, dataDir: ':memory:' }
  expect(commandSocket({ database })).toBeUndefined()
  expect(commandSocket(signOn.config)).toBeUndefined()
})
