import type { By } from '../../audit/by.ts'
import type { Database } from '../../storage/db.ts'
import { requestQuestionAsked } from '../events.ts'
import { requestQuestionMail } from './clerk-mails.ts'
import type { QuestionReason } from './decision-reasons.ts'
import { type ClerkMoved, moveAsClerk } from './move-as-clerk.ts'
import type { SeenRequest } from './open-for-clerk.ts'

/** Asks the filer something within the request, which waits for the answer from then on. */
export function askFiler(
  db: Database,
  wanted: SeenRequest & { readonly reason: QuestionReason; readonly message: string },
  by: By,
): Promise<ClerkMoved> {
  const { reason, message } = wanted
  return moveAsClerk(db, wanted, by, {
    move: { kind: 'asked', reason, message },
    event: (about) => requestQuestionAsked({ ...about, reason }),
    mail: requestQuestionMail,
    told: { asked: reason, message },
  })
}
