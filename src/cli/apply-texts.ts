import type { By } from '../audit/by.ts'
import type { Config } from '../config/config.ts'
import { registrationRules } from '../services.ts'
import type { Keys } from '../signing/key-store.ts'
import type { Database } from '../storage/db.ts'
import { applyFile } from './apply.ts'
import { parseApplyFile } from './apply-file.ts'
import { planLines, problemLine } from './print-plan.ts'

/** An apply file with the name that its problems are told under. */
export type ApplyText = { readonly path: string; readonly text: string }

export type ApplyOptions = {
  readonly by: By
  /** Tells what would be done, and writes nothing. */
  readonly isCheck: boolean
}

/** What the command prints, and the code it exits with. */
export type ApplyAnswer = {
  readonly code: number
  readonly lines: Iterable<string>
  readonly problems: readonly string[]
}

/** All files are parsed before the first is applied; each is applied as a whole, or not at all. */
export async function applyTexts(
  { config, keys, db }: { config: Config; keys: Keys; db: Database },
  texts: readonly ApplyText[],
  { by, isCheck }: ApplyOptions,
): Promise<ApplyAnswer> {
  const clientRules = registrationRules(config, keys)
  const deps = { db, config, peppers: keys.secrets.peppers, clientRules }
  const files = texts.map(({ path, text }) => ({ path, parsed: parseApplyFile(text) }))
  const areAllRead = files.every(({ parsed }) => parsed.ok)
  const printed: Iterable<string>[] = []
  const told: string[] = []
  for (const { path, parsed } of files) {
    const file = parsed.ok ? parsed.value : parsed.rest
    const plan = await applyFile(deps, file, { by, writes: !isCheck && areAllRead })
    const problems = [...(parsed.ok ? [] : parsed.problems), ...plan.problems]
    problems.sort((a, b) => a.line - b.line || a.column - b.column)
    printed.push(planLines(path, { ...plan, problems }, { isCheck, isWritten: areAllRead }))
    for (const problem of problems) told.push(problemLine(path, problem))
  }
  return {
    code: told.length > 0 ? 1 : 0,
    lines: linesOf(printed),
    problems: told,
  }
}

function* linesOf(printed: readonly Iterable<string>[]): Generator<string> {
  for (const lines of printed) yield* lines
}
