import type { Database } from '../../src/storage/db.ts'

type AuditTable = Database['prisma']['auditEvent']
/** Members of an audit row: `{ clientId, accountId, ip, detail: { path: ['reason'], equals } }`. */
export type AuditedAbout = NonNullable<NonNullable<Parameters<AuditTable['findMany']>[0]>['where']>
export type AuditedEvent = Awaited<ReturnType<AuditTable['findMany']>>[number]

/** The events of this name, or of every name, about this subject and after that one; oldest first. */
export function listAudited(
  db: Database,
  event?: string,
  about: AuditedAbout = {},
  after = 0n,
): Promise<AuditedEvent[]> {
  const where = { AND: [{ id: { gt: after }, ...(event && { event }) }, about] }
  return db.prisma.auditEvent.findMany({ where, orderBy: { id: 'asc' } })
}

/** The number of the newest event; 0 when there is none. */
export async function newestAudited(db: Database): Promise<bigint> {
  const { _max } = await db.prisma.auditEvent.aggregate({ _max: { id: true } })
  return _max.id ?? 0n
}
