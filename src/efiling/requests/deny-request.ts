import type { By } from '../../audit/by.ts'
import type { Database } from '../../storage/db.ts'
import { requestDenied } from '../events.ts'
import { requestDeniedMail } from './clerk-mails.ts'
import type { DenialReason } from './decision-reasons.ts'
import { type ClerkMoved, moveAsClerk } from './move-as-clerk.ts'
import type { SeenRequest } from './open-for-clerk.ts'

/** Denies a request, with a reason and the clerk's own words; a right that is there stays as it is. */
export function denyRequest(
  db: Database,
  wanted: SeenRequest & { readonly reason: DenialReason; readonly message: string },
  by: By,
): Promise<ClerkMoved> {
  const { reason, message } = wanted
  return moveAsClerk(db, wanted, by, {
    move: { kind: 'denied', reason, message },
    event: (about) => requestDenied({ ...about, reason }),
    mail: requestDeniedMail,
    told: { denied: reason, message },
  })
}
