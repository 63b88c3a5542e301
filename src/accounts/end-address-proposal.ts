import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { voidLinks } from '../mail/one-use-link.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Transaction } from '../storage/db.ts'
import { type AddressProposal, markProposalEnded } from './address-proposal-store.ts'
import { lockAddress } from './email-change-store.ts'
import { addressProposalEnded } from './events.ts'
import { recoveredAddressPurpose } from './link-purposes.ts'

/**
 * Ends a proposal: one that waits for the second person is declined, one that was approved and waits for
 * its press is stopped, and its link is void.
 * @returns `not-now` where it does not stand there any more.
 */
export async function endAddressProposal(
  tx: Transaction,
  { id, accountId }: Pick<AddressProposal, 'id' | 'accountId'>,
  ending: 'declined' | 'stopped',
  by: By,
): Promise<Outcome<void, 'not-now'>> {
  await lockAddress(tx, accountId)
  if (!(await markProposalEnded(tx, id, ending))) return refused('not-now')
  await voidLinks(tx, accountId, [recoveredAddressPurpose])
  await recordEvent(tx, addressProposalEnded({ accountId, proposal: id, ending, by }))
  return ok()
}
