import { chmodSync, existsSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join, resolve } from 'node:path'
import { json } from 'node:stream/consumers'
import type { Config } from '../config/config.ts'
import type { ApplyAnswer, ApplyOptions, ApplyText } from './apply-texts.ts'

type Order = { readonly texts: readonly ApplyText[]; readonly options: ApplyOptions }

/** Where the server takes commands that has the embedded database; undefined without such a one. */
export function commandSocket({ database }: Pick<Config, 'database'>): string | undefined {
  const isEmbedded = database.url === undefined && database.dataDir !== ':memory:'
  return isEmbedded ? join(resolve(database.dataDir), 'commands.sock') : undefined
}

/**
 * Takes commands while this process holds the embedded database, which admits no second one. The
 * socket is in the data folder and for its owner alone: whoever can open it could open the database.
 * Production has PostgreSQL and no such socket.
 * @returns stops taking commands; those under way are finished.
 * @throws the system's error where a socket cannot be made there, such as on a path of over 100 bytes.
 */
export async function takeCommands(
  path: string,
  run: (texts: readonly ApplyText[], options: ApplyOptions) => Promise<ApplyAnswer>,
): Promise<() => Promise<void>> {
  // Of a process that was killed: the lock on the folder says that nobody else is there.
  rmSync(path, { force: true })
  const server = createServer((incoming, response) => {
    const answer = async () => {
      const { texts, options } = (await json(incoming)) as Order
      return run(texts, options)
    }
    answer()
      .catch((error: unknown) => ({ code: 1, lines: [], problems: [String(error)] }))
      .then((told) => response.end(JSON.stringify({ ...told, lines: [...told.lines] })))
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(path, listening)
  })
  chmodSync(path, 0o600)
  return () =>
    new Promise((closed) => {
      server.close(() => closed())
      server.closeIdleConnections()
    })
}

/** Has the running server apply the files; undefined where none takes commands. */
export async function sendToServer(
  path: string,
  texts: readonly ApplyText[],
  options: ApplyOptions,
): Promise<ApplyAnswer | undefined> {
  if (!existsSync(path)) return undefined
  const order: Order = { texts, options }
  return new Promise((answered, failed) => {
    const headers = { Connection: 'close' }
    const sent = request({ socketPath: path, method: 'POST', headers }, (response) => {
      json(response).then((answer) => answered(answer as ApplyAnswer), failed)
    })
    sent.once('error', (error: NodeJS.ErrnoException) => {
      // Left behind by a server that was killed.
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') answered(undefined)
      else failed(error)
    })
    sent.end(JSON.stringify(order))
  })
}
