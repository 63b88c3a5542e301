import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { accountNumberPattern } from '../../accounts/account.ts'
import { recordEvent } from '../../audit/store.ts'
import type { Limit } from '../../config/limits.ts'
import { requiredText } from '../../http/form-kit.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Database } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { inWords } from '../../time-in-words.ts'
import type { CourtVisit } from '../court-gate.ts'
import { personFound } from '../events.ts'
import { foundMark } from './found-mark.ts'
import { findByNumberAndName } from './store.ts'

export type FindingDeps = {
  readonly db: Database
  /** That of stored identifiers: what shows who was found by number and name. */
  readonly key: KeyObject
  readonly findings: Pick<WindowCounter, 'count'>
}

/** So often one of a court looks for an account by number and name: nobody is found by trying names out. */
export const findingLimit: Limit = { points: 30, seconds: 3600 }

const numberProblem = 'Enter the account number: it has seven digits'

/** The two fields by which a person is found who has nothing at the court. */
export const findingFields = z.object({
  number: z
    .string({ error: numberProblem })
    .transform((text) => text.replace(/[\s-]/g, ''))
    .refine((text) => accountNumberPattern.test(text), numberProblem),
  familyName: requiredText('Enter the last name').max(100, 'Shorten it to 100 characters'),
})

/** Why nobody is shown, in words. */
export type NotFound = {
  readonly reason: 'too-many' | 'nobody'
  readonly text: string
  readonly status: 422 | 429
}

/**
 * Looks for the account with that number and that family name: counted, and recorded before it is shown.
 * @returns the mark by which the page of the person opens.
 */
export async function findPerson(
  { db, key, findings }: FindingDeps,
  { ctx, court, account, by }: CourtVisit,
  { number, familyName }: z.output<typeof findingFields>,
): Promise<Outcome<string, NotFound>> {
  const { retryAfterSeconds } = await findings.count(account.id)
  if (retryAfterSeconds !== undefined) {
    ctx.set('Retry-After', String(retryAfterSeconds))
    const text = `You looked for too many accounts. Wait ${inWords(retryAfterSeconds)}.`
    return refused('too-many', { text, status: 429 as const })
  }
  const accountId = await findByNumberAndName(db, number, familyName)
  if (!accountId) {
    const text =
      'No account has this number and this last name. Check both: ask the person for the account number, and for the last name as it stands in the account.'
    return refused('nobody', { text, status: 422 as const })
  }
  // What cannot be recorded is not shown.
  await recordEvent(db, personFound({ accountId, courtId: court.id, by }))
  return ok(foundMark(key, { courtId: court.id, staffId: account.id, number }))
}
