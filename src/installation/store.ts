import type { Queryable, Transaction } from '../storage/db.ts'
import type { Mark, MarkKind } from './marks.ts'

export async function listMarks(db: Queryable): Promise<Mark[]> {
  const rows = await db.prisma.installationMark.findMany({
    select: { kind: true, name: true, mark: true },
  })
  return rows.map((row) => ({ ...row, kind: row.kind as MarkKind }))
}

/** Adds those that are not there yet; of two processes that add the same one, one does. */
export async function addMarks(tx: Transaction, marks: readonly Mark[]): Promise<void> {
  await tx.prisma.installationMark.createMany({ data: [...marks], skipDuplicates: true })
}

/** The issuer's mark moves with the port of a development server. */
export async function replaceIssuer(tx: Transaction, issuer: string): Promise<void> {
  await tx.prisma.installationMark.updateMany({ where: { kind: 'issuer' }, data: { mark: issuer } })
}

/** Forgets everything that was recorded, for `marks` to take its place. */
export async function replaceMarks(tx: Transaction, marks: readonly Mark[]): Promise<void> {
  await tx.prisma.installationMark.deleteMany({})
  await addMarks(tx, marks)
}

/** When each signing key was first used here, by its id. */
export async function listSigningKeyDays(db: Queryable): Promise<ReadonlyMap<string, Date>> {
  const rows = await db.prisma.installationMark.findMany({
    where: { kind: 'signing-key' },
    select: { name: true, recordedAt: true },
  })
  return new Map(rows.map(({ name, recordedAt }) => [name, recordedAt]))
}
