/**
 * What a test file has opened and must have closed at its end. `leak-check.ts` asks after every file
 * and fails it with the sentences of `stillOpen`.
 */
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { Server, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

type Opened = { readonly where: string; readonly whatIsOpen: () => string | undefined }

const noted = new Set<Opened>()
const patienceMilliseconds = 3000

/**
 * Notes that something is open which Node does not know as such: an instance, a browser, a database.
 * Returns how to say that it is closed.
 * @param what the beginning of a sentence: `Central Sign-On at http://localhost:1234`
 */
export function noteOpened(what: string): () => void {
  const opened = note(() => what)
  return () => {
    noted.delete(opened)
  }
}

function note(whatIsOpen: () => string | undefined): Opened {
  const opened = { where: placeOfCaller(), whatIsOpen }
  noted.add(opened)
  return opened
}

/** The line of the test that asked for it: the files of `support/` only pass it on. */
function placeOfCaller(): string {
  const { stackTraceLimit } = Error
  // The line may stand behind many that only pass it on.
  Error.stackTraceLimit = 100
  const lines = new Error().stack?.split('\n') ?? []
  Error.stackTraceLimit = stackTraceLimit
  const line = lines.find((each) => /\/test\/(?!support\/)/.test(each))
  const place = line && /\/(test\/[^()?]*)(?:\?[^():]*)?(:\d+):\d+/.exec(line)
  return place ? ` (opened at ${place[1]}${place[2]})` : ''
}

let isWatching = false

/** Watches the processes and threads that this process starts from now on, as Node tells of them. */
export function watchOpenThings(): void {
  // Once, however many files share this process.
  if (isWatching) return
  isWatching = true
  subscribe('child_process', (message) => {
    const { process: child } = message as { process: ChildProcess }
    note(() => {
      const isRunning = child.exitCode === null && child.signalCode === null
      // One that could not be started has no number.
      if (child.pid === undefined || !isRunning) return undefined
      // Behind `setpriv … --` stands the program that is meant.
      return `the process ${child.spawnargs[child.spawnargs.indexOf('--') + 1]}`
    })
  })
  subscribe('worker_threads', (message) => {
    const { worker } = message as { worker: Worker }
    note(() => (worker.threadId === -1 ? undefined : 'a worker thread'))
  })
}

/**
 * Sentences about what is still open, once it has had time to close.
 * @param ports what is behind the ports of the run's own servers: `PostgreSQL`, `Redis`.
 */
export async function stillOpen(ports: ReadonlyMap<number, string>): Promise<string[]> {
  const giveUpAt = performance.now() + patienceMilliseconds
  for (;;) {
    const sentences = [...openNow(), ...openHandles(ports)]
    if (sentences.length === 0 || performance.now() > giveUpAt) {
      forgetOpenThings()
      return sentences
    }
    await delay(25)
  }
}

/** What one file left open is not the fault of the next one in this process. */
function forgetOpenThings(): void {
  noted.clear()
  for (const handle of activeHandles()) handlesBefore.add(handle)
}

function openNow(): string[] {
  return [...noted].flatMap(({ where, whatIsOpen }) => {
    const what = whatIsOpen()
    return what === undefined ? [] : [`${what}${where} was left open`]
  })
}

// What keeps the process of a test file alive before its first line is not the file's.
const handlesBefore = new WeakSet<object>(activeHandles())

/** Sockets and servers that keep this process alive: idle ones of `fetch` do not. */
function openHandles(ports: ReadonlyMap<number, string>): string[] {
  return activeHandles().flatMap((handle) => {
    if (handlesBefore.has(handle)) return []
    if (handle instanceof Server && handle.listening) {
      const address = handle.address()
      const place = typeof address === 'object' && address ? `port ${address.port}` : address
      return [`a server that listens on ${place} was left open`]
    }
    if (handle instanceof Socket && handle.remotePort !== undefined) {
      const behind = ports.get(handle.remotePort) ?? `port ${handle.remotePort}`
      return [`a connection to ${behind} was left open`]
    }
    return []
  })
}

/** Node names the kinds only, in `getActiveResourcesInfo`; what a handle is bound to stands in it. */
function activeHandles(): object[] {
  return (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles()
}
