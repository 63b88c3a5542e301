import { isDeepStrictEqual } from 'node:util'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { CourtId } from '../ids.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { courtPracticeChanged } from './events.ts'
import type { ListRefusal } from './ordered-list.ts'
import { type Practice, type PracticeSettings, settingsOf } from './practice.ts'
import { practiceChanges } from './practice-changes.ts'
import { findPractice, findTermsVersion, insertPractice } from './practice-store.ts'

/** Why nothing was changed: somebody was faster, or the list does not take it. */
export type ChangeRefusal = 'changed-meanwhile' | ListRefusal

/**
 * Changes what a court takes, asks and says: a new version, with its audit row. What changes nothing
 * writes nothing.
 * @param change.basedOn the version that was on the page; somebody who saved meanwhile was faster, and
 *   then nothing is written.
 * @param change.change what becomes of that version, or why nothing does.
 */
export function changePractice(
  db: Database,
  change: {
    readonly courtId: CourtId
    readonly basedOn: number
    readonly change: (settings: PracticeSettings) => Outcome<PracticeSettings, ListRefusal>
  },
  by: By,
): Promise<Outcome<Practice, ChangeRefusal>> {
  const { courtId, basedOn } = change
  return inTransaction<Outcome<Practice, ChangeRefusal>>(db, async (tx) => {
    const before = await findPractice(tx, courtId)
    if (before.version !== basedOn) return refused('changed-meanwhile')
    const settings = change.change(settingsOf(before))
    if (!settings.ok) return settings
    return writePractice(tx, courtId, { before, settings: settings.value }, by)
  })
}

/** Writes the version after `before`; of two that do so at once, one writes. */
export async function writePractice(
  tx: Transaction,
  courtId: CourtId,
  { before, settings }: { readonly before: Practice; readonly settings: PracticeSettings },
  by: By,
): Promise<Outcome<Practice, 'changed-meanwhile'>> {
  if (isDeepStrictEqual(settingsOf(before), settings)) return ok(before)
  const lastTerms = await findTermsVersion(tx, courtId)
  const { terms: text } = settings
  const isSameText = text === before.terms?.text
  const terms = text === null ? null : { text, version: isSameText ? lastTerms : lastTerms + 1 }
  const practice: Practice = { ...settings, version: before.version + 1, terms }
  const versions = { termsVersion: terms?.version ?? lastTerms, changedBy: changerOf(by) }
  if (!(await insertPractice(tx, courtId, practice, versions))) return refused('changed-meanwhile')
  const members = [...new Set(practiceChanges(before, practice).map(({ member }) => member))]
  await recordEvent(tx, courtPracticeChanged({ courtId, version: practice.version, members, by }))
  return ok(practice)
}

/** Who is named beside a version; nobody at the command line, whom the audit names. */
export function changerOf({ actor }: By): string | null {
  return actor.kind === 'account' ? actor.id : null
}
