import { randomUUID } from 'node:crypto'
import { queueMail } from '../../mail/queue-mail.ts'
import { networkOf } from '../../networks.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction, type Transaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import type { TooMany } from '../address-code.ts'
import { type CanonicalEmail, canonicalEmail, plainEmail } from '../email-address.ts'
import { addressMail } from './mails.ts'
import type { Registration } from './registration.ts'
import { expectMail, insertRegistration } from './store.ts'

export type AskDeps = {
  readonly db: Database
  /** Mails to one mailbox, by a hash of its address, and from one network. */
  readonly mailsPerEmail: Pick<WindowCounter, 'count'>
  readonly mailsPerNetwork: Pick<WindowCounter, 'count'>
  /** What an address is counted under. */
  hashOf(email: string): string
}

/** Queues the mail of a registration. */
type Tell = (tx: Transaction, registration: Pick<Registration, 'id' | 'email'>) => Promise<void>

/**
 * Begins a registration with an address: the mail to it says whether there is an account already, and
 * nothing else does. Nothing here looks whether there is one.
 */
export async function startRegistration(
  deps: AskDeps,
  asked: {
    readonly email: string
    readonly browserMark: string
    readonly clientId: string | undefined
    readonly address: string
  },
  tell: Tell = queueConfirmation,
): Promise<Outcome<void, TooMany>> {
  const { email, browserMark, clientId } = asked
  const emailCanonical = canonicalEmail(email)
  const counted = await countMail(deps, emailCanonical, asked.address)
  if (!counted.ok) return counted
  const id = randomUUID()
  await inTransaction(deps.db, async (tx) => {
    await insertRegistration(tx, { id, email, emailCanonical, browserMark, clientId })
    await tell(tx, { id, email })
  })
  return ok()
}

/** Sends the mail of a registration once more, with a link and a code of its own. */
export async function sendAgain(
  deps: AskDeps,
  registration: Pick<Registration, 'id' | 'email' | 'emailCanonical'>,
  address: string,
  tell: Tell = queueConfirmation,
): Promise<Outcome<void, TooMany | { readonly reason: 'over' }>> {
  const counted = await countMail(deps, registration.emailCanonical, address)
  if (!counted.ok) return counted
  return inTransaction(deps.db, async (tx) => {
    if (!(await expectMail(tx, registration.id))) return refused('over', {})
    await tell(tx, registration)
    return ok()
  })
}

async function countMail(
  deps: AskDeps,
  emailCanonical: CanonicalEmail,
  address: string,
): Promise<Outcome<void, TooMany>> {
  const perNetwork = await deps.mailsPerNetwork.count(networkOf(address))
  if (perNetwork.retryAfterSeconds !== undefined) {
    return refused('too-many', {
      of: 'network' as const,
      retryAfterSeconds: perNetwork.retryAfterSeconds,
    })
  }
  // Of the mailbox, not of each of its tags.
  const perEmail = await deps.mailsPerEmail.count(deps.hashOf(plainEmail(emailCanonical)))
  return perEmail.retryAfterSeconds === undefined
    ? ok()
    : refused('too-many', {
        of: 'address' as const,
        retryAfterSeconds: perEmail.retryAfterSeconds,
      })
}

function queueConfirmation(
  tx: Transaction,
  { id, email }: Pick<Registration, 'id' | 'email'>,
): Promise<void> {
  const about = { registration: id }
  return queueMail(tx, { words: addressMail, to: email, facts: {}, about })
}
