import {
  listByNumbers,
  listUsernameOwners,
  type StoredAccount,
  type UsernameOwner,
} from '../accounts/store.ts'
import { type CanonicalUsername, canonicalUsername } from '../accounts/username.ts'
import { listClientRows, type StoredClient } from '../clients/store.ts'
import type { Court } from '../courts/court.ts'
import type { KeptOffice } from '../courts/office.ts'
import { findKeptOffices } from '../courts/office-store.ts'
import type { Practice } from '../courts/practice.ts'
import { listPractices } from '../courts/practice-store.ts'
import { listCourts } from '../courts/store.ts'
import { listVerifiers } from '../courts/verifier-store.ts'
import { canonicalFiler, type Right } from '../efiling/right.ts'
import { listFilers, listRights } from '../efiling/right-store.ts'
import type { ClientId, CourtId } from '../ids.ts'
import type { StaffRole } from '../staff/role.ts'
import { listRolesOf } from '../staff/store.ts'
import type { Database } from '../storage/db.ts'
import type { ApplyFile } from './apply-file.ts'

/** What is stored of everything that a file names. */
export type Current = {
  readonly courts: ReadonlyMap<string, Court>
  /** Of the courts that have one. */
  readonly practices: ReadonlyMap<string, Practice>
  /** Of the courts whose offices the file names. */
  readonly offices: ReadonlyMap<string, readonly KeptOffice[]>
  /** Of the courts of the file that check old logins themselves. */
  readonly verifiers: ReadonlyMap<CourtId, string>
  readonly clients: ReadonlyMap<string, StoredClient>
  /** By number. */
  readonly accounts: ReadonlyMap<string, StoredAccount>
  /** By account number and court. */
  readonly standings: ReadonlyMap<string, ReadonlyMap<string, Right>>
  readonly staffRoles: ReadonlyMap<string, readonly StaffRole[]>
  /** By canonical username: who has it, or had it once. */
  readonly ownerOfUsername: ReadonlyMap<string, UsernameOwner>
  /** Numbers of the accounts that have a CM/ECF account, by the court and its canonical id. */
  readonly ownerOfFiler: ReadonlyMap<string, string>
}

/** Reads it, in a few queries for the whole file. */
export async function readCurrent(db: Database, file: ApplyFile): Promise<Current> {
  const people = file.accounts.map(({ item }) => item)
  const accounts = await inBatches(
    people.map(({ number }) => number),
    (numbers) => listByNumbers(db, numbers),
  )
  const numberOf = new Map(accounts.map(({ id, number }) => [id, number]))
  const ids = [...numberOf.keys()]
  const owners = await inBatches(usernamesOf(people), (usernames) =>
    listUsernameOwners(db, usernames),
  )
  const filers = await inBatches(
    people.flatMap(({ standings = [] }) => standings.flatMap(({ filer_id: id }) => id ?? [])),
    (filerIds) => listFilers(db, filerIds),
  )
  const clientIds = file.clients.map(({ item }) => item.id as ClientId)
  return {
    courts: new Map((await listCourts(db)).map((court) => [court.id, court])),
    practices: await listPractices(db),
    offices: await readOffices(db, file),
    verifiers: await listVerifiers(
      db,
      file.courts.map(({ item }) => item.id as CourtId),
    ),
    clients: new Map(
      (await inBatches(clientIds, (some) => listClientRows(db, some))).map((client) => [
        client.id,
        client,
      ]),
    ),
    accounts: new Map(accounts.map((account) => [account.number, account])),
    standings: groupStandings(await inBatches(ids, (some) => listRights(db, some)), numberOf),
    staffRoles: Map.groupBy(
      await inBatches(ids, (some) => listRolesOf(db, some)),
      ({ accountId }) => numberOf.get(accountId) ?? '',
    ),
    ownerOfUsername: new Map(owners.map((owner) => [owner.username, owner])),
    ownerOfFiler: new Map(
      filers.map(({ courtId, filerId, number }) => [
        `${courtId} ${canonicalFiler(filerId)}`,
        number,
      ]),
    ),
  }
}

async function readOffices(db: Database, { courts }: ApplyFile) {
  const offices = new Map<string, readonly KeptOffice[]>()
  for (const { item } of courts) {
    if (item.offices) {
      offices.set(item.id, (await findKeptOffices(db, item.id as CourtId)).offices)
    }
  }
  return offices
}

function usernamesOf(people: readonly { username?: string | undefined }[]): CanonicalUsername[] {
  return people.flatMap(({ username }) => canonicalUsername(username ?? '') ?? [])
}

function groupStandings(
  rows: Awaited<ReturnType<typeof listRights>>,
  numberOf: ReadonlyMap<string, string>,
): Map<string, Map<string, Right>> {
  const byNumber = Map.groupBy(rows, ({ accountId }) => numberOf.get(accountId) ?? '')
  return new Map(
    [...byNumber].map(([number, held]) => [
      number,
      new Map(held.map((standing) => [standing.courtId, standing])),
    ]),
  )
}

/** One query per so many values: a statement has less than a second, and a limit of parameters. */
const batchSize = 2000

async function inBatches<Value, Row>(
  values: readonly Value[],
  read: (some: Value[]) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < values.length; from += batchSize) {
    rows.push(...(await read(values.slice(from, from + batchSize))))
  }
  return rows
}
