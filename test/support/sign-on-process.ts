import { type ChildProcess, spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode } from '../../scripts/run.mjs'
import { atExit } from './server-process.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const root = dirname(dirname(main))

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

/** Starts `src/main.ts` as an operator does, with these settings and no others. */
function launch(settings: Record<string, string>, port: number): SignOnProcess {
  const child: ChildProcess = spawn(findNode(root), ['--disable-proto=throw', main], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...settings },
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
export async function runSignOn(settings: Record<string, string>) {
  const startedAt = performance.now()
  const child = launch(settings, 0)
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
export async function startSignOnProcess(settings: Record<string, string>, port: number) {
  const startedAt = performance.now()
  const child = launch({ ...settings, CSO_PORT: String(port) }, port)
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
