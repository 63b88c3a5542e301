import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'

/** The operator took replaced secrets, or another issuer, as this installation's own. */
export function secretsAccepted(about: { issuer: string; by: By }): AuditEvent {
  const { issuer, by } = about
  return { event: 'secrets.accepted', outcome: 'success', by, detail: { issuer } }
}
