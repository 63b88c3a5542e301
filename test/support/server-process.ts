/** Servers that tests start: their processes, their folders, and the promise that none is left over. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram } from '../../scripts/services.mjs'

/** An account of the operating system; undefined means the one this process runs as. */
export type SystemUser = { readonly uid: number; readonly gid: number } | undefined

export type ServerProcess = {
  readonly pid: number
  isRunning(): boolean
  /** Stops it in its tracks, children included: connections stay open, nobody answers. */
  pause(): void
  resume(): void
  /** Sends the signal and waits until the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>
  /** `kill -9` for the process and its children: no chance to tidy up. */
  kill(): Promise<void>
}

const leftovers = new Set<() => void>()
let isWatching = false

/** Runs `tidy` when this process ends in whatever way but SIGKILL; returns how to call that off. */
export function atExit(tidy: () => void): () => void {
  leftovers.add(tidy)
  if (!isWatching) {
    isWatching = true
    process.on('exit', tidyUp)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        // Somebody else who listens decides when to exit.
        if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal])
      })
    }
  }
  return () => leftovers.delete(tidy)
}

function tidyUp() {
  for (const tidy of leftovers) tidy()
  leftovers.clear()
}

/** A fresh folder for one server, and how to remove it. */
export function temporaryFolder(name: string, owner?: SystemUser) {
  const path = mkdtempSync(join(tmpdir(), `cso-${name}-`))
  if (owner) chownSync(path, owner.uid, owner.gid)
  const remove = () =>
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  const forget = atExit(remove)
  return {
    path,
    remove() {
      forget()
      remove()
    },
  }
}

/** PostgreSQL refuses to run as root: then somebody else who has no rights here. */
export function unprivilegedUser(): SystemUser {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no account "postgres" or "nobody".',
  )
}

/**
 * Starts a server with its output in `logFile` and returns once `isReady` says so.
 * @throws Error with the end of the log when it ends or takes longer than 30 s.
 */
export async function startServer(options: {
  readonly command: string
  readonly args: readonly string[]
  readonly logFile: string
  readonly user?: SystemUser
  /** Ends it at once, when this process ends. */
  readonly exitSignal: NodeJS.Signals
  readonly isReady: () => Promise<boolean>
}): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a')
  // Where the kernel can be asked to, it ends the server even if we are killed without notice.
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined
  const signalName = options.exitSignal.slice('SIG'.length)
  const [command, args] = setpriv
    ? [setpriv, [`--pdeathsig=${signalName}`, '--', options.command, ...options.args]]
    : [options.command, [...options.args]]
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    // Its own process group: Ctrl-C is for us, and we end the servers in order.
    detached: true,
    ...options.user,
  })
  closeSync(log)
  const server = serverProcess(child, options.exitSignal)
  const giveUpAt = Date.now() + 30_000
  while (!(await options.isReady().catch(() => false))) {
    if (!server.isRunning() || Date.now() > giveUpAt) {
      await server.kill()
      const said = existsSync(options.logFile) ? readFileSync(options.logFile, 'utf8') : ''
      throw new Error(`${options.command} did not start:\n${said.slice(-2000)}`)
    }
    await delay(20)
  }
  return server
}

function serverProcess(child: ChildProcess, exitSignal: NodeJS.Signals): ServerProcess {
  let failure: Error | undefined
  child.on('error', (error) => {
    failure = error
  })
  child.unref()
  const isRunning = () => !failure && child.exitCode === null && child.signalCode === null
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const pid = child.pid ?? 0
  const signalAll = (signal: NodeJS.Signals) => {
    if (!isRunning()) return
    // The parent first: once it stands still it starts no further children.
    signalTo(pid, signal)
    for (const childPid of childrenOf(pid)) signalTo(childPid, signal)
  }
  const forget = atExit(() => {
    signalAll('SIGCONT')
    if (isRunning()) signalTo(pid, exitSignal)
  })
  const waitUntilGone = async () => {
    // The child does not keep this process alive by itself; waiting for it must.
    const keepAlive = setInterval(() => {}, 1000)
    await gone
    clearInterval(keepAlive)
    forget()
  }
  return {
    pid,
    isRunning,
    pause: () => signalAll('SIGSTOP'),
    resume: () => signalAll('SIGCONT'),
    async end(signal) {
      signalAll('SIGCONT')
      if (isRunning()) signalTo(pid, signal)
      await waitUntilGone()
    },
    async kill() {
      signalAll('SIGKILL')
      await waitUntilGone()
    },
  }
}

function signalTo(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended meanwhile, which is what a test that signals wants to be able to ignore.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => Number(line.trim().split(/\s+/)[0]) === pid)
        .map((line) => line.trim().split(/\s+/)[1])
        .join(' ')
  return text.split(/\s+/).filter(Boolean).map(Number)
}
