import { randomUUID } from 'node:crypto'
import { recordEvent } from '../../audit/store.ts'
import type { Court } from '../../courts/court.ts'
import { findOfficesToAsk } from '../../courts/offices-to-ask.ts'
import { queueMails } from '../../mail/queue-mail.ts'
import { isMailAddress, type MailFacts, type MailWords } from '../../mail/words.ts'
import type { Transaction } from '../../storage/db.ts'
import { filersTold } from '../events.ts'
import { markAddressRefused } from '../imported/store.ts'
import { type AccountInMail, type GoLiveFacts, namedAccounts } from './mails.ts'
import {
  type BatchPlace,
  insertNoticesOf,
  type LookedAt,
  type NewNotice,
  type NoticeTarget,
} from './notice-store.ts'
import { courtFacts } from './told-facts.ts'

/** Accounts that one transaction looks at, and tells where it is due. */
export const batchSize = 500

/** So many are told in one run of a job. */
export const mostInOneRun = 2000

/**
 * Looks at accounts in their order of addresses, so that those of one address stand together: the last address of a
 * full list may have more, and waits for the next one.
 * @param list the accounts behind that address, and whether each is to be told.
 * @returns whom to tell, and where the next batch begins, if there may be one.
 */
export async function wholeAddresses(
  list: (place: BatchPlace) => Promise<LookedAt[]>,
  after: string,
): Promise<{ readonly targets: readonly LookedAt[]; readonly next: string | undefined }> {
  const dueOf = (accounts: readonly LookedAt[]) => accounts.filter(({ isDue }) => isDue)
  for (let limit = batchSize; ; limit *= 4) {
    const found = await list({ after, limit })
    if (found.length < limit) return { targets: dueOf(found), next: undefined }
    const last = found.at(-1)?.emailCanonical
    const whole = found.filter(({ emailCanonical }) => emailCanonical !== last)
    const next = whole.at(-1)?.emailCanonical
    if (next !== undefined) return { targets: dueOf(whole), next }
  }
}

/**
 * Tells these accounts one thing: of one address they get one message, which names them. Whoever told one of
 * them before is not overtaken: the row in `go_live_notices` decides.
 * @param told.momentOf the moment under which it is kept that an account was told.
 * @returns how many were told.
 */
export async function tellBatch<Target extends NoticeTarget, Facts extends GoLiveFacts>(
  tx: Transaction,
  targets: readonly Target[],
  told: {
    readonly court: Court
    readonly wave: string
    readonly version: number
    readonly at: Date
    readonly words: MailWords<Facts>
    readonly momentOf: (target: Target) => Date
    /** Besides the court and the accounts. */
    readonly factsOf: (target: Target) => Omit<Facts, keyof GoLiveFacts> & MailFacts
  },
): Promise<number> {
  const { court, wave, version, at, words } = told
  const groups = Map.groupBy(
    targets,
    (target) => `${told.momentOf(target).getTime()} ${target.emailCanonical}`,
  )
  const notices: NewNotice[] = []
  const messages: { readonly id: string; readonly group: readonly [Target, ...Target[]] }[] = []
  for (const group of groups.values()) {
    const [first, ...others] = group.toSorted((one, other) => (one.login < other.login ? -1 : 1))
    if (!first) continue
    if (!isMailAddress(first.email)) {
      await markAddressRefused(tx, court.id, first.email)
      continue
    }
    const id = randomUUID()
    messages.push({ id, group: [first, ...others] })
    for (const target of [first, ...others]) {
      notices.push({ importedId: target.id, mailId: id, liveAt: told.momentOf(target) })
    }
  }
  const mine = await insertNoticesOf(tx, { courtId: court.id, wave, at }, notices)
  if (mine.size === 0) return 0
  const known = (await findOfficesToAsk(tx, [court.id])).get(court.id)
  const common = courtFacts(court, known)
  const mails = messages.flatMap(({ id, group }) => {
    const accounts = group.filter((target) => mine.has(target.id))
    if (accounts.length === 0) return []
    const named: AccountInMail[] = accounts
      .slice(0, namedAccounts)
      .map(({ login, name, isLinked }) => ({ login, name, isLinked }))
    const facts = {
      ...told.factsOf(group[0]),
      ...common,
      accounts: named,
      more: accounts.length - named.length,
    }
    return [{ id, to: group[0].email, facts: facts as unknown as Facts }]
  })
  await queueMails(tx, words, { courtId: court.id }, mails)
  const counts = { accounts: mine.size, messages: mails.length }
  await recordEvent(tx, filersTold({ courtId: court.id, wave, version, ...counts }))
  return mine.size
}
