/**
 * Runs one program and waits for it. Plain JavaScript for Node 18, because it runs before anything is
 * installed.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const patienceMilliseconds = 5000

/** Somebody ended us while the program ran; it has ended, too. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`Interrupted (${signal}).`)
    this.exitCode = 128 + constants.signals[signal]
  }
}

/**
 * Runs the command to its end, with its output kept. It has a process group of its own, so that a
 * signal to us ends it with everything that it started; with `ownGroup: false` it stays in ours, for
 * what we have no right to signal.
 * @returns `{ status, stdout, stderr, error }`; status is null where it ended by a signal.
 * @throws Interrupted when we were told to end meanwhile.
 */
export function runToEnd(command, args, { ownGroup = true, ...options } = {}) {
  const detached = ownGroup && process.platform !== 'win32'
  return new Promise((resolve, reject) => {
    let child
    let received
    let hurry
    const interrupt = (signal) => {
      received ??= signal
      if (!child?.pid) return
      end(child, detached, 'SIGINT')
      hurry ??= setTimeout(() => end(child, detached, 'SIGKILL'), patienceMilliseconds)
    }
    const settle = (work) => {
      clearTimeout(hurry)
      for (const signal of signals) process.off(signal, interrupt)
      if (received) reject(new Interrupted(received))
      else work()
    }
    // Before it is started: a signal must find somebody who passes it on.
    for (const signal of signals) process.on(signal, interrupt)
    child = spawn(command, args, { ...options, detached, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text
      })
    }
    child.on('error', (error) => settle(() => resolve({ status: null, ...output, error })))
    child.on('close', (status) => settle(() => resolve({ status, ...output })))
  })
}

function end(child, detached, signal) {
  try {
    if (detached) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** What a finished command said, for a person to read. */
export function outputOf(result) {
  return [result.stdout, result.stderr, result.error?.message].filter(Boolean).join('\n').trim()
}
