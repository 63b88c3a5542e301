import { type CourtFact, listAccountChanges } from '../../accounts/account-changes.ts'
import { may } from '../../accounts/account-state.ts'
import { lockAccount } from '../../accounts/store.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import type { AccountId, CourtId } from '../../ids.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import type { Queryable, Transaction } from '../../storage/db.ts'
import { noticeAsked, noticeWithdrawn } from '../events.ts'
import { listRequestsOf } from '../requests/store.ts'
import { listRights } from '../right-store.ts'
import { type NoticeOfChange, type Offer, offersOf } from './notice.ts'
import { insertNotice, listNoticesOf, writeWithdrawal } from './store.ts'

/** What a holder may ask of which courts, and has asked. */
export type CourtChanges = {
  /** The courts where the person has something: a right in whatever state, an admission, an open request. */
  readonly courtIds: readonly CourtId[]
  readonly offers: readonly Offer[]
  /** The newest first. */
  readonly notices: readonly NoticeOfChange[]
}

export async function readCourtChanges(db: Queryable, accountId: AccountId): Promise<CourtChanges> {
  const rights = await listRights(db, [accountId])
  const requests = await listRequestsOf(db, accountId)
  const changes = await listAccountChanges(db, accountId)
  const notices = await listNoticesOf(db, accountId)
  const held = rights.filter(({ state, isAdmitted }) => state !== 'none' || isAdmitted)
  const open = requests.filter(({ state }) => state === 'open')
  const courtIds = [...new Set([...held, ...open].map(({ courtId }) => courtId))].sort()
  return { courtIds, offers: offersOf(changes, notices, courtIds), notices }
}

/**
 * Asks courts to take over changes into records of their own; none of them is changed by that. What is not
 * offered any more is left out. Of twenty at once one asks.
 * @returns how many were asked. `nothing-offered`: none of it is to be asked (any more).
 */
export async function askCourts(
  tx: Transaction,
  about: {
    readonly accountId: AccountId
    readonly chosen: readonly { readonly courtId: string; readonly fact: CourtFact }[]
    readonly reason: string
    readonly scope: string | null
  },
  by: By,
): Promise<Outcome<number, 'nothing-offered' | 'not-possible'>> {
  const { accountId, chosen, reason, scope } = about
  const account = await lockAccount(tx, accountId)
  if (!account || !may(account, 'sign-in')) return refused('not-possible')
  const { offers } = await readCourtChanges(tx, accountId)
  const wanted = offers.filter(({ courtId, fact }) =>
    chosen.some((each) => each.courtId === courtId && each.fact === fact),
  )
  let asked = 0
  for (const offer of wanted) {
    const written = await insertNotice(tx, accountId, offer, { reason, scope })
    if (!written.ok) continue
    const { courtId, fact } = offer
    await recordEvent(tx, noticeAsked({ accountId, courtId, fact, by }))
    asked += 1
  }
  return asked > 0 ? ok(asked) : refused('nothing-offered')
}

/** Takes back what a court has not decided yet. @returns false where it waits no more. */
export async function withdrawNotice(
  tx: Transaction,
  { accountId, id }: { readonly accountId: AccountId; readonly id: string },
  by: By,
): Promise<boolean> {
  const notice = await writeWithdrawal(tx, accountId, id)
  if (!notice) return false
  const { courtId, fact } = notice
  await recordEvent(tx, noticeWithdrawn({ accountId, courtId, fact, by }))
  return true
}
