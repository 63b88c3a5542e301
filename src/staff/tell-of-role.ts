import { findHolder, tellHolder } from '../accounts/tell-holder.ts'
import { findCourt } from '../courts/store.ts'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import { dayAndTime } from '../time-in-words.ts'
import type { StaffRole } from './role.ts'
import {
  type RoleChange,
  roleGrantedMail,
  roleNoticeMail,
  roleProposedMail,
  roleRevokedMail,
} from './role-mails.ts'
import { listHoldersOf } from './store.ts'

/** Whose role it is about. */
export type RoleOf = { readonly accountId: AccountId; readonly role: StaffRole }
/** Who did it; undefined for an operator. */
type DoneBy = AccountId | undefined

/** Tells the holder of an account that it has a role, or has one no more. */
export async function tellOfRole(
  tx: Transaction,
  { accountId, role }: RoleOf,
  change: RoleChange,
): Promise<void> {
  const words = change === 'granted' ? roleGrantedMail : roleRevokedMail
  await tellHolder(tx, await findHolder(tx, accountId), words, await factsOf(tx, role))
}

/** Tells every registrar but who did it that a role was given or taken by one person alone. */
export async function tellRegistrars(
  tx: Transaction,
  about: RoleOf,
  change: RoleChange,
  by: DoneBy,
): Promise<void> {
  const facts = { ...(await namedIn(tx, about, by)), change }
  for (const holder of await othersThan(tx, [by, about.accountId])) {
    await tellHolder(tx, holder, roleNoticeMail, facts)
  }
}

/** Tells every registrar but who proposed it that a role waits. */
export async function tellOfProposal(
  tx: Transaction,
  about: RoleOf,
  by: AccountId,
  until: Date,
): Promise<void> {
  const facts = { ...(await namedIn(tx, about, by)), until: dayAndTime(until) }
  for (const holder of await othersThan(tx, [by, about.accountId])) {
    await tellHolder(tx, holder, roleProposedMail, facts)
  }
}

async function othersThan(tx: Transaction, but: readonly DoneBy[]) {
  const registrars = await listHoldersOf(tx, 'registrar')
  const told = registrars.filter(({ accountId }) => !but.includes(accountId))
  const holders: Awaited<ReturnType<typeof findHolder>>[] = []
  for (const { accountId } of told) holders.push(await findHolder(tx, accountId))
  return holders
}

async function namedIn(tx: Transaction, { accountId, role }: RoleOf, by: DoneBy) {
  const nameOf = (id: AccountId) =>
    tx.prisma.account.findUniqueOrThrow({
      where: { id },
      select: { number: true, username: true },
    })
  const { number } = await nameOf(accountId)
  const doneBy = by === undefined ? null : (await nameOf(by)).username
  return { ...(await factsOf(tx, role)), of: number, doneBy }
}

async function factsOf(tx: Transaction, { role, courtId }: StaffRole) {
  const court = courtId === null ? undefined : await findCourt(tx, courtId)
  return { staffRole: role, courtName: court?.name ?? null }
}
