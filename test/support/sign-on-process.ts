import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { compileCache, findNode } from '../../scripts/run.mjs'
import { atExit } from './server-process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type SignOnProcess = {
  readonly pid: number
  readonly port: number
  /** Standard output so far: the log, one JSON object per line. */
  stdout(): string
  stderr(): string
  signal(name: NodeJS.Signals): void
  /** The exit code, or the name of the signal that ended it, once it is gone. */
  readonly exited: Promise<number | string>
}

/** Settings by their names in the environment; undefined leaves one out. */
type Settings = Readonly<Record<string, string | undefined>>

/** Starts `src/main.ts` as an operator does, with these settings and no others. */
function launch(settings: Settings, port: number, command = ['src/main.ts']): SignOnProcess {
  const child: ChildProcess = spawn(findNode(root), ['--disable-proto=throw', ...command], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: compileCache(root), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const forget = atExit(() => child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exited = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject)
    // `close`: everything it wrote has been read.
    child.once('close', (code, signal) => {
      forget()
      resolve(code ?? signal ?? 'unknown')
    })
  })
  return {
    pid: child.pid ?? 0,
    port,
    stdout: () => stdout,
    stderr: () => stderr,
    signal: (name) => child.kill(name),
    exited,
  }
}

/** Starts a process that is expected not to stay; its exit code, what it said, and when it was gone. */
export async function runSignOn(settings: Settings, command?: string[]) {
  const startedAt = performance.now()
  const child = launch(settings, 0, command)
  // Its code is then SIGKILL, which no test expects.
  const giveUp = setTimeout(() => child.signal('SIGKILL'), 20_000)
  const code = await child.exited
  clearTimeout(giveUp)
  const milliseconds = performance.now() - startedAt
  return { code, stdout: child.stdout(), stderr: child.stderr(), milliseconds }
}

/**
 * Starts a process on `port` and waits until it is ready.
 * @returns the process, and the milliseconds from the command to its first answer "ready".
 */
export async function startSignOnProcess(settings: Settings, port: number, command?: string[]) {
  const startedAt = performance.now()
  const child = launch({ ...settings, CSO_PORT: String(port) }, port, command)
  let isGone = false
  child.exited.then(() => {
    isGone = true
  })
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      async (answer) => {
        await answer.text()
        return answer.status
      },
      () => 0,
    )
    const milliseconds = performance.now() - startedAt
    if (status === 200) return { child, milliseconds }
    if (isGone || milliseconds > 30_000) {
      child.signal('SIGKILL')
      throw new Error(`the server did not get ready:\n${child.stderr()}\n${child.stdout()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
