import type { By } from '../audit/by.ts'
import { type CourtId, newListId } from '../ids.ts'
import { type Outcome, ok } from '../outcome.ts'
import type { Change } from '../problem.ts'
import type { Transaction } from '../storage/db.ts'
import { writeOffices } from './change-offices.ts'
import { writePractice } from './change-practice.ts'
import type { KeptOffice, Office } from './office.ts'
import { officeChanges } from './office-changes.ts'
import { findKeptOffices } from './office-store.ts'
import { type Practice, type PracticeSettings, settingsOf } from './practice.ts'
import { practiceChanges } from './practice-changes.ts'
import { findPractice } from './practice-store.ts'

/** What an apply file says of a court's practice; what is undefined stays. */
export type PracticeInput = {
  readonly [Member in keyof PracticeSettings]?: PracticeSettings[Member] | undefined
}

/** The practice that a file makes of the present one. */
export function practiceAfter(before: Practice, input: PracticeInput): PracticeSettings {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  return { ...settingsOf(before), ...Object.fromEntries(given) }
}

/** What a file would change of a court's practice, in words. */
export function planPractice(before: Practice, input: PracticeInput): readonly Change[] {
  const { terms, ...settings } = practiceAfter(before, input)
  const version = before.terms?.version ?? 0
  return practiceChanges(before, {
    ...settings,
    version: before.version,
    terms: terms === null ? null : { version, text: terms },
  })
}

/** Brings a court's practice to what an apply file says. */
export async function syncPractice(
  tx: Transaction,
  courtId: CourtId,
  input: PracticeInput,
  by: By,
): Promise<Outcome<void, 'changed-meanwhile'>> {
  const before = await findPractice(tx, courtId)
  const settings = practiceAfter(before, input)
  const written = await writePractice(tx, courtId, { before, settings }, by)
  return written.ok ? ok() : written
}

/** The offices of a file: one that has the name of a kept one is that one. */
export function officesAfter(
  before: readonly KeptOffice[],
  offices: readonly Office[],
): readonly KeptOffice[] {
  return offices.map((office) => ({
    id: before.find(({ name }) => name === office.name)?.id ?? newListId(),
    ...office,
  }))
}

/** What a file would change of a court's offices, in words. */
export function planOffices(
  before: readonly KeptOffice[],
  offices: readonly Office[],
): readonly Change[] {
  return officeChanges(before, officesAfter(before, offices))
}

/** Brings a court's offices to the list of an apply file. */
export async function syncOffices(
  tx: Transaction,
  courtId: CourtId,
  offices: readonly Office[],
  by: By,
): Promise<Outcome<void, 'changed-meanwhile'>> {
  const before = await findKeptOffices(tx, courtId)
  return writeOffices(tx, courtId, { before, offices: officesAfter(before.offices, offices) }, by)
}
