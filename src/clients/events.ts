import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { ClientId } from '../ids.ts'

export function clientSaved(about: {
  clientId: ClientId
  change: 'registered' | 'changed'
  fields: readonly string[]
  by: By
}): AuditEvent {
  return {
    event: `client.${about.change}`,
    outcome: 'success',
    clientId: about.clientId,
    detail: { fields: about.fields },
    by: about.by,
  }
}
