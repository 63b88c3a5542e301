import type { KeyObject } from 'node:crypto'
import { bySystem } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import type { QueuedJob } from '../../jobs/job.ts'
import { queueMail } from '../../mail/queue-mail.ts'
import { isMailAddress } from '../../mail/words.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { accountNumberPattern } from '../account.ts'
import { canonicalEmail } from '../email-address.ts'
import { recoveryAsked } from '../events.ts'
import { canonicalUsername } from '../username.ts'
import { answerRecoveryJob } from './ask-recovery.ts'
import { namedInMail, noAccountMail, notPossibleMail, resetMail, usernamesMail } from './mails.ts'
import {
  isRecoverable,
  mailboxOf,
  type RecoverableAccount,
  type Recovery,
  standMark,
  typedMark,
} from './recovery.ts'
import { findNamed, findRecovery, listAtAddress, takeRecovery } from './store.ts'

export type AnswerRecoveryDeps = {
  readonly db: Database
  readonly key: KeyObject
  /** Mails of the way back to one account, or to an address. */
  readonly mailsPerAccount: Pick<WindowCounter, 'count'>
}

/** A mail that answers. */
type Answer = {
  /** What it is counted under. */
  readonly countedAs: string
  /** Whose way back was asked for. */
  readonly accounts: readonly RecoverableAccount[]
  queue(tx: Transaction): Promise<void>
}

/** Tried for as long as the mail would be. */
const tries = 31

/**
 * The job that answers a question after the way back: by mail to the mailbox of the account, or not at all.
 * What was asked is deleted with the transaction that queues the answer, so that there is one.
 */
export function answerRecovery(deps: AnswerRecoveryDeps): QueuedJob {
  return {
    name: answerRecoveryJob,
    tries,
    async run(payload) {
      const { recoveryId } = payload as { recoveryId: string }
      const recovery = await findRecovery(deps.db, recoveryId)
      if (!recovery) return
      const answers: Answer[] = []
      for (const answer of await answersTo(deps, recovery)) {
        const counted = await deps.mailsPerAccount.count(answer.countedAs)
        if (counted.retryAfterSeconds === undefined) answers.push(answer)
      }
      await inTransaction(deps.db, async (tx) => {
        if (!(await takeRecovery(tx, recoveryId))) return
        for (const { accounts, queue } of answers) {
          for (const account of accounts) await noteAsked(tx, recovery, account)
          await queue(tx)
        }
      })
    },
  }
}

async function answersTo(deps: AnswerRecoveryDeps, recovery: Recovery): Promise<Answer[]> {
  const typed = recovery.typed.normalize('NFKC').trim()
  if (recovery.kind === 'usernames') return atAddress(deps, recovery, typed)
  const number = accountNumberPattern.test(typed) ? typed : undefined
  const named = await findNamed(deps.db, canonicalUsername(typed), number)
  const first = named ? toHolder(deps, recovery, named) : []
  if (!typed.includes('@')) return first
  // A username may look like an address, and that be somebody else's by now.
  return [...first, ...(await atAddress(deps, recovery, typed, named))]
}

/** @param answered an account that has its answer. */
async function atAddress(
  deps: AnswerRecoveryDeps,
  recovery: Recovery,
  typed: string,
  answered?: RecoverableAccount,
): Promise<Answer[]> {
  if (!isMailAddress(typed)) return []
  const accounts = await listAtAddress(deps.db, canonicalEmail(typed))
  const [only, ...others] = accounts
  if (answered && accounts.every(({ id }) => id === answered.id)) return []
  if (only && others.length === 0 && recovery.kind === 'password') {
    return toHolder(deps, recovery, only)
  }
  const to = only?.email ?? typed
  const facts = { accounts: accounts.map(namedInMail) }
  // Of several it is none's more than another's.
  const accountId = others.length === 0 ? only?.id : undefined
  return [
    {
      countedAs: typedMark(deps.key, typed),
      accounts,
      queue: (tx) =>
        only
          ? queueMail(tx, { words: usernamesMail, to, accountId, facts })
          : queueMail(tx, { words: noAccountMail, to, facts: {} }),
    },
  ]
}

/** A link for a new password, or why there is none: to the account's own mailbox, or not at all. */
function toHolder(
  { key }: AnswerRecoveryDeps,
  { clientId }: Recovery,
  account: RecoverableAccount,
): Answer[] {
  const to = mailboxOf(account)
  if (!to) return []
  const { id: accountId, username, number } = account
  const about = { stands: standMark(key, account), ...(clientId && { client: clientId }) }
  return [
    {
      countedAs: accountId,
      accounts: [account],
      queue: (tx) =>
        isRecoverable(account)
          ? queueMail(tx, { words: resetMail, to, accountId, facts: { username, number }, about })
          : queueMail(tx, {
              words: notPossibleMail,
              to,
              accountId,
              facts: { accounts: [namedInMail(account)] },
            }),
    },
  ]
}

/** By nobody in particular: whoever asked has proved nothing. */
function noteAsked(
  tx: Transaction,
  { kind, ip, requestId }: Recovery,
  { id: accountId }: RecoverableAccount,
): Promise<void> {
  const by = bySystem({ ip: ip ?? undefined, requestId: requestId ?? undefined })
  return recordEvent(tx, recoveryAsked({ accountId, kind, by }))
}
