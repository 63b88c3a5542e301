import type { By } from '../../audit/by.ts'
import type { Database } from '../../storage/db.ts'
import { requestWaitChanged } from '../events.ts'
import { requestWaitsMail } from './clerk-mails.ts'
import { type ClerkMoved, moveAsClerk } from './move-as-clerk.ts'
import type { SeenRequest } from './open-for-clerk.ts'
import type { WaitsFor } from './request.ts'

/** What a clerk can say a request waits for; the filer is asked something instead (`ask-filer.ts`). */
export const clerkWaits = [
  'clerk',
  'fee',
  'judge',
  'training',
] as const satisfies readonly WaitsFor[]
export type ClerkWait = (typeof clerkWaits)[number]

/**
 * Says what a request waits for: a fee, a judge, a training, or the clerk again, whose clock runs
 * meanwhile only then.
 * @returns `not-from-here` where it waits for that already.
 */
export function letRequestWait(
  db: Database,
  wanted: SeenRequest & { readonly waitsFor: ClerkWait; readonly message: string },
  by: By,
): Promise<ClerkMoved> {
  const { waitsFor, message } = wanted
  return moveAsClerk(db, wanted, by, {
    move: { kind: 'waits', waitsFor, message: message || undefined },
    event: (about) => requestWaitChanged({ ...about, waitsFor }),
    mail: requestWaitsMail,
    told: { waitsFor, message },
  })
}
