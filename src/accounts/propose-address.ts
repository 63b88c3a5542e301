import { randomUUID } from 'node:crypto'
import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { AccountId } from '../ids.ts'
import { voidLinks } from '../mail/one-use-link.ts'
import { queueMail } from '../mail/queue-mail.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { may } from './account-state.ts'
import { addressProposedMail } from './address-proposal-mails.ts'
import { expireProposals, findOpenProposal, insertProposal } from './address-proposal-store.ts'
import { canonicalEmail } from './email-address.ts'
import { lockAddress } from './email-change-store.ts'
import { addressProposed } from './events.ts'
import { recoveredAddressPurpose } from './link-purposes.ts'

export type ProposalRefusal =
  /** It is the present address, and confirmed. */
  | 'same-address'
  /** Nobody may come back into the account as it is. */
  | 'not-possible'
  /** Another proposal waits for the second person, or for its press. */
  | 'already-open'

/** What support proposes for somebody who lost the mailbox. */
export type WantedAddress = {
  readonly accountId: AccountId
  readonly email: string
  readonly proof: string
  readonly reason: string
  readonly proposedBy: AccountId
}

/**
 * Proposes another e-mail address for somebody who reads the mail of the present one no more. Nothing
 * changes by it; the present address is told at once, and can tell support, for it may be a theft.
 */
export async function proposeAddress(
  tx: Transaction,
  wanted: WantedAddress,
  by: By,
): Promise<Outcome<void, ProposalRefusal>> {
  const { accountId, email } = wanted
  const account = await lockAddress(tx, accountId)
  if (!account || !may(account, 'recover')) return refused('not-possible')
  const isSame = account.emailCanonical === canonicalEmail(email)
  if (isSame && account.isEmailVerified) return refused('same-address')
  if (await findOpenProposal(tx, accountId)) return refused('already-open')
  await expireProposals(tx, accountId)
  await voidLinks(tx, accountId, [recoveredAddressPurpose])
  const id = randomUUID()
  await insertProposal(tx, { ...wanted, id, fromEmail: account.email, toEmail: email })
  await recordEvent(tx, addressProposed({ accountId, proposal: id, by }))
  if (account.email && account.isEmailVerified) {
    const { username, number } = account
    await queueMail(tx, {
      words: addressProposedMail,
      to: account.email,
      accountId,
      facts: { username, number },
      about: { change: id, stage: 'proposed' },
    })
  }
  return ok()
}
