import { bySystem } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { AccountId, CourtId } from '../ids.ts'

type MailOfAccount = { accountId: AccountId; id: string; kind: string }

/** A mail server took a message to the holder of an account. */
export function mailSent({ accountId, id, kind }: MailOfAccount): AuditEvent {
  const detail = { mail: id, kind }
  return { event: 'mail.sent', outcome: 'success', accountId, by: bySystem(), detail }
}

/** A message that waited was not sent any more: nobody is to be written to about the account. */
export function mailDropped({ accountId, id, kind }: MailOfAccount): AuditEvent {
  const detail = { mail: id, kind }
  return { event: 'mail.dropped', outcome: 'success', accountId, by: bySystem(), detail }
}

/** A mail server refused the address of an account, or one that a court knows, for good. */
export function mailRefused(about: {
  accountId: AccountId | undefined
  courtId: CourtId | undefined
  id: string
  kind: string
}): AuditEvent {
  const { id, kind, ...whose } = about
  const detail = { mail: id, kind }
  return { event: 'mail.refused', outcome: 'refused', ...whose, by: bySystem(), detail }
}
