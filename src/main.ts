import { type Config, loadConfig } from './config/config.ts'
import { configurationError, StartupError } from './errors.ts'
import type { Services } from './services.ts'
import { type Keys, loadKeys } from './signing/key-store.ts'

const drainMilliseconds = 10_000

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const keys = await loadKeys(config)
  // Loaded after them: it takes most of a second, and what is wrong with a setting is said at once.
  const [{ createApp }, { createLimitedServer }, { createLog }, { openServices }] =
    await Promise.all([
      import('./app.ts'),
      import('./http/server.ts'),
      import('./log.ts'),
      import('./services.ts'),
    ])
  const log = createLog(config.logLevel)
  const services = await openServices(config, keys, log)
  const server = createLimitedServer(createApp(config, services).application.callback(), log)

  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(config.listen.port, config.listen.host, resolve)
    })
  } catch (error) {
    // Open stores would keep the process alive, serving nobody.
    await services.close()
    const { host, port } = config.listen
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new StartupError([`CSO_HOST, CSO_PORT: ${host}:${port} cannot be listened on (${code})`])
  }
  const { version } = await import('./version.ts')
  const { issuer, listen } = config
  log.info({ version, issuer, ...listen, database: services.db.kind }, 'listening')

  const stopCommands = await takeCommandsOf(config, keys, services)
  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    log.info('stopping: no new connections, requests under way are answered')
    const closed = new Promise((resolve) => server.close(resolve))
    // A connection whose request was under way becomes idle later, and would be kept for the next one.
    const tidy = setInterval(() => server.closeIdleConnections(), 50)
    const hurry = setTimeout(() => server.closeAllConnections(), drainMilliseconds)
    await closed
    clearInterval(tidy)
    clearTimeout(hurry)
    await stopCommands?.()
    await services.close()
    log.info('stopped')
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
  process.on('unhandledRejection', (error) => log.error({ error }, 'unhandled rejection'))
}

/** On the embedded database, which no other process can open meanwhile. */
async function takeCommandsOf(config: Config, keys: Keys, { db, log }: Services) {
  const { commandSocket, takeCommands } = await import('./cli/command-socket.ts')
  const socket = commandSocket(config)
  if (!socket) return undefined
  const { applyTexts } = await import('./cli/apply-texts.ts')
  try {
    return await takeCommands(socket, (texts, options) =>
      applyTexts({ config, keys, db }, texts, options),
    )
  } catch (error) {
    log.warn({ error, socket }, 'commands are not taken while the server runs')
    return undefined
  }
}

main().catch((error: unknown) => {
  if (error instanceof StartupError) {
    for (const problem of error.problems) console.error(`cannot start: ${problem}`)
    process.exitCode = configurationError
  } else {
    console.error('cannot start:', error)
    process.exitCode = 1
  }
})
