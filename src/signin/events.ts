import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, ClientId } from '../ids.ts'

type AtClient = { by: By; clientId: ClientId }

/** The password was right. That a session came out of it is an event of its own. */
export function passwordAccepted(about: AtClient & { accountId: AccountId }): AuditEvent {
  return { event: 'account.password-accepted', outcome: 'success', ...about }
}

/** The reason is for the audit alone: the browser learns neither it nor whether the name exists. */
export function signInRefused(about: {
  by: By
  /** Absent where nothing was read of the request. */
  clientId?: ClientId | undefined
  accountId?: AccountId | undefined
  reason: string
  failures: number
}): AuditEvent {
  const { reason, failures, ...rest } = about
  return {
    event: 'account.sign-in-refused',
    outcome: 'refused',
    ...rest,
    detail: { reason, failures },
  }
}

/** The account may try its password again, whatever failed before. */
export function accountUnlocked(about: {
  accountId: AccountId
  failures: number
  by: By
}): AuditEvent {
  const { failures, ...rest } = about
  return { event: 'account.unlocked', outcome: 'success', ...rest, detail: { failures } }
}
