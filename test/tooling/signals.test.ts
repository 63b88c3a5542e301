import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { runToEnd } from '../../scripts/run-to-end.mjs'
import { freePort } from '../support/free-port.ts'
import { becomes } from '../support/measure.ts'
import { atExit, temporaryFolder } from '../support/server-process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders: ReturnType<typeof temporaryFolder>[] = []

function newFolder() {
  const folder = temporaryFolder('signals')
  folders.push(folder)
  return folder.path
}

afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

/** Whoever has this in the environment: what was started, however it was handed on. */
function processesWith(setting: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(setting))
    .map(Number)
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    // It has ended, or is somebody else's.
    return []
  }
}

/** One that has ended and that nobody has asked after yet runs no more. */
function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`
  return existsSync(path) && !/\) Z /.test(readFileSync(path, 'utf8'))
}

function start(command: string, args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(command, args, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    stdio: 'ignore',
  })
  atExit(() => child.kill('SIGKILL'))
  return child
}

describe('SIGTERM', () => {
  test('to `npm start` ends the server, too', async () => {
    const port = await freePort()
    const mark = `CSO_ISSUER=http://localhost:${port}`
    const npm = start('npm', ['start'], {
      CSO_ISSUER: `http://localhost:${port}`,
      CSO_PORT: String(port),
      CSO_DATA_DIR: ':memory:',
      CSO_KEYS_DIR: newFolder(),
    })
    await becomes('listening', 60_000, async () => {
      const answer = await fetch(`http://localhost:${port}/healthz`)
      return answer.ok
    })
    expect(processesWith(mark).length).toBeGreaterThan(1)
    npm.kill('SIGTERM')
    await becomes('all gone', 15_000, async () => processesWith(mark).length === 0)
  }, 90_000)
})

describe('a signal while something is installed', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends what runs and everything that it started',
    async (signal) => {
      const folder = newFolder()
      const file = join(folder, 'pids')
      // An installer that starts another program and does not care about the first signal.
      const installer = `trap '' INT; sleep 300 & echo $! $$ > ${file}; wait; sleep 300`
      const module = new URL('../../scripts/run-to-end.mjs', import.meta.url).href
      const script = `import { runToEnd } from '${module}'
        await runToEnd('sh', ['-c', ${JSON.stringify(installer)}]).catch((error) => {
          process.exitCode = error.exitCode
        })`
      const child = start(process.execPath, ['--input-type=module', '--eval', script], {})
      const exited = new Promise((resolve) => child.once('exit', resolve))
      await becomes('started', 20_000, async () => existsSync(file))
      const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number)
      child.kill(signal)
      expect(await exited).toBe(signal === 'SIGINT' ? 130 : 143)
      expect(pids.filter(isRunning)).toEqual([])
    },
    60_000,
  )

  test('without one it says how it ended and what it printed', async () => {
    const ended = await runToEnd('sh', ['-c', 'echo out; echo err >&2; exit 3'])
    expect(ended).toEqual({ status: 3, stdout: 'out\n', stderr: 'err\n' })
  })
})
