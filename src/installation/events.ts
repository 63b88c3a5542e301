import type { AuditEvent } from '../audit/event.ts'

/** The operator took replaced secrets, or another issuer, as this installation's own. */
export function secretsAccepted(about: { issuer: string }): AuditEvent {
  return { event: 'secrets.accepted', outcome: 'success', detail: { issuer: about.issuer } }
}
