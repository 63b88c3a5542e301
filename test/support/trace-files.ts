import { AsyncLocalStorage } from 'node:async_hooks'
import { type Debugger, type Profiler, Session } from 'node:inspector/promises'
import { relative } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The files of one piece of work, each once, in the order of their first calls. */
const running = new AsyncLocalStorage<Set<string>>()

/** Does some work, and whatever it waits for, as what is traced. */
export function traced<Result>(files: Set<string>, work: () => Result): Result {
  return running.run(files, work)
}

export type FileTrace = {
  /** Nothing is noted from now on. */
  stop(): void
}

/**
 * From now on a function of a named file that runs inside `traced` notes the file. V8 does it: the
 * functions that ran during `rehearsal` are found by its coverage, and each gets a breakpoint whose
 * condition writes and is false, so that nothing is paused and no source is changed. Coverage alone
 * does not tell the order. What runs beside, every second, is in no `traced` and notes nothing.
 * @param named by their paths from the root of the repository.
 */
export async function traceFiles(
  named: ReadonlySet<string>,
  rehearsal: () => Promise<unknown>,
): Promise<FileTrace> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await rehearsal()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  await session.post('Profiler.stopPreciseCoverage')
  await session.post('Profiler.disable')

  const note = Symbol.for('note-traced-file')
  Object.assign(globalThis, { [note]: (file: string) => running.getStore()?.add(file) })
  await session.post('Debugger.enable')
  for (const script of result) {
    const file = relative(root, pathOf(script.url))
    if (!named.has(file)) continue
    const condition = `globalThis[Symbol.for('note-traced-file')](${JSON.stringify(file)}), false`
    for (const location of await beginnings(session, script)) {
      await session.post('Debugger.setBreakpoint', { location, condition })
    }
    // All of that is done at once; between two files the server and its clients go on, or connections
    // that were closed meanwhile are taken for open.
    await setImmediate()
  }
  return {
    stop() {
      session.disconnect()
      Reflect.deleteProperty(globalThis, note)
    },
  }
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url
}

/** Where the functions of a script that ran begin. */
async function beginnings(
  session: Session,
  script: Profiler.ScriptCoverage,
): Promise<Debugger.Location[]> {
  const { scriptId } = script
  const { scriptSource } = await session.post('Debugger.getScriptSource', { scriptId })
  const place = (offset: number): Debugger.Location => {
    const before = scriptSource.slice(0, offset)
    const lineNumber = before.split('\n').length - 1
    return { scriptId, lineNumber, columnNumber: offset - (before.lastIndexOf('\n') + 1) }
  }
  const found: Debugger.Location[] = []
  for (const { ranges } of script.functions) {
    const [whole] = ranges
    // From 0 on is the script itself, which ran when it was loaded.
    if (!whole || whole.count === 0 || whole.startOffset === 0) continue
    const { locations } = await session.post('Debugger.getPossibleBreakpoints', {
      start: place(whole.startOffset),
      end: place(whole.endOffset),
    })
    const [first] = locations
    const isNew = !found.some(
      ({ lineNumber, columnNumber }) =>
        lineNumber === first?.lineNumber && columnNumber === first.columnNumber,
    )
    if (first && isNew) found.push(first)
  }
  return found
}
