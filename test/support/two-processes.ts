import { inject } from 'vitest'
import { freePort } from './free-port.ts'
import { giveSigningKeys } from './keys.ts'
import { nobodysMail } from './mail-server.ts'
import { startDocumentedNginx } from './nginx.ts'
import { createDatabase, dropDatabase } from './postgres.ts'
import { newKeyPrefix } from './redis.ts'
import { temporaryFolder } from './server-process.ts'
import { generousLimits, type SignOn, startSignOn } from './sign-on.ts'
import { type SignOnProcess, startSignOnProcess } from './sign-on-process.ts'

/** An installation of two processes behind the documented nginx. */
export type TwoProcesses = {
  readonly ports: readonly [number, number]
  /** An instance that nobody is sent to: what an operator does, and a look into the tables. */
  readonly office: SignOn
  /** Ends one of them without a word. */
  kill(index: 0 | 1): Promise<void>
  /** Starts it again. */
  restart(index: 0 | 1): Promise<void>
  stop(): Promise<void>
}

export async function startTwoProcesses(): Promise<TwoProcesses> {
  const keys = temporaryFolder('two-processes')
  giveSigningKeys(keys.path)
  const databaseUrl = await createDatabase(inject('postgresUrl'))
  const port = await freePort()
  const ports: [number, number] = [await freePort(), await freePort()]
  const issuer = `https://localhost:${port}`
  const settings = {
    CSO_ISSUER: issuer,
    CSO_KEYS_DIR: keys.path,
    CSO_TRUSTED_PROXIES: '127.0.0.1/32',
    ...nobodysMail,
    DATABASE_URL: databaseUrl,
    REDIS_URL: inject('redisUrl'),
    CSO_REDIS_PREFIX: newKeyPrefix(),
    ...generousLimits,
  }
  const start = async (at: number): Promise<SignOnProcess> =>
    (await startSignOnProcess(settings, at)).child
  const processes = await Promise.all(ports.map(start))
  const nginx = await startDocumentedNginx(port, ports)
  const office = await startSignOn({ issuer, settings })
  return {
    ports,
    office,
    async kill(index) {
      processes[index]!.signal('SIGKILL')
      await processes[index]!.exited
    },
    async restart(index) {
      processes[index] = await start(ports[index])
    },
    async stop() {
      await office.stop()
      await nginx.stop()
      for (const child of processes) child.signal('SIGKILL')
      await Promise.all(processes.map(({ exited }) => exited))
      keys.remove()
      await dropDatabase(databaseUrl)
    },
  }
}
