import { byAccount } from '../../src/audit/by.ts'
import { moveRequest } from '../../src/efiling/requests/move-request.ts'
import type { FilingRequest } from '../../src/efiling/requests/request.ts'
import { type DraftContent, insertDraft } from '../../src/efiling/requests/store.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import type { SignOn } from './sign-on.ts'

/** The id of an account by its number. */
export async function idOf({ services }: SignOn, number: string): Promise<AccountId> {
  const { prisma } = services.db
  return (await prisma.account.findUniqueOrThrow({ where: { number } })).id as AccountId
}

/** What somebody asks of a court, sent as it stands: the pages on which it is written have tests of their own. */
export async function sendRequest(
  signOn: SignOn,
  of: { readonly number: string; readonly court: string },
  content: Partial<DraftContent> = {},
): Promise<FilingRequest> {
  const accountId = await idOf(signOn, of.number)
  const courtId = of.court as CourtId
  const sent = await inTransaction(signOn.services.db, async (tx) => {
    const draft = await insertDraft(
      tx,
      { accountId, courtId },
      {
        kind: 'filing-only',
        role: 'attorney',
        practiceVersion: 0,
        answers: [],
        deliveryFrequency: null,
        deliveryFormat: null,
        ...content,
      },
    )
    if (!draft.ok) return draft
    return moveRequest(tx, draft.value, { kind: 'submitted' }, byAccount(accountId, {}))
  })
  if (!sent.ok) throw new Error(`the request was not sent: ${sent.reason}`)
  return sent.value
}
