import type { By } from '../audit/by.ts'
import type { AuditEvent } from '../audit/event.ts'

/** A dead job was given its tries again. */
export function jobRetried({ id, name, by }: { id: string; name: string; by: By }): AuditEvent {
  return { event: 'job.retried', outcome: 'success', by, detail: { job: id, name } }
}
