import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { birthDateMark, openBirthDate, sealBirthDate } from '../../src/accounts/birth-date.ts'
import { resealAccounts } from '../../src/accounts/reseal-accounts.ts'
import { findSealingKeysInUse } from '../../src/accounts/sealed-store.ts'
import { byOperator } from '../../src/audit/by.ts'
import { type Day, parseDay } from '../../src/days.ts'
import { type AccountId, newAccountId } from '../../src/ids.ts'
import { createSecrets, parseSecrets } from '../../src/signing/secrets.ts'
import type { Database } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'
import { listAudited } from '../support/audited.ts'

const by = byOperator('test')
const own = JSON.parse(createSecrets({ isDevelopment: true }))
const { sealing: added } = JSON.parse(createSecrets({ isDevelopment: true }))
const read = (secrets: object) => {
  const parsed = parseSecrets(JSON.stringify(secrets))
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value.sealing
}
const older = read(own)
const newer = read({ ...own, sealing: [...added, ...own.sealing] })
const alone = read({ ...own, sealing: added })
const dayOf = (index: number): Day => parseDay(`19${30 + (index % 60)}-07-0${1 + (index % 9)}`)!

/** More than one batch, so that it goes from one to the next. */
const people = 1100

describe.each(kinds)('birth dates in the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  const ids: AccountId[] = []
  beforeAll(async () => {
    ;({ db, close } = await open())
    const rows = Array.from({ length: people }, (_, index) => {
      const id = newAccountId()
      ids.push(id)
      return {
        id,
        number: String(7_400_000 + index),
        type: 'individual' as const,
        userType: 'attorney',
        isUpgraded: true,
        username: `person-${index}`,
        usernameCanonical: `person-${index}`,
        searchStatus: 'active' as const,
        // Every tenth has none.
        ...(index % 10 !== 0 && sealBirthDate(older, id, dayOf(index))),
      }
    })
    await db.prisma.account.createMany({ data: rows })
  })
  afterAll(() => close())

  const sealedOf = async (id: AccountId) => {
    const row = await db.prisma.account.findUniqueOrThrow({ where: { id } })
    return row.birthDateSealed!
  }
  const count = people - people / 10

  test('are sealed for their row, and found by their mark', async () => {
    const [, one, other] = ids as [AccountId, AccountId, AccountId]
    expect(openBirthDate(older, one, await sealedOf(one))).toBe(dayOf(1))
    const moved = await sealedOf(one)
    expect(() => openBirthDate(older, other, moved)).toThrow(/moved here from another place/)
    const twins = await db.prisma.account.findMany({
      where: { birthDateMark: birthDateMark(older, dayOf(1)) },
    })
    expect(twins.map(({ id }) => id)).toContain(one)
  })

  test('are sealed with the newest key while somebody writes, and a second time nothing is done', async () => {
    const changed = ids.filter((_, index) => index % 100 === 7)
    const written = dayOf(3)
    /** A server that knows the older key alone, and saves in the midst of it. */
    const writing = async () => {
      for (const id of changed) {
        await db.prisma.account.update({ where: { id }, data: sealBirthDate(older, id, written) })
      }
    }
    const [resealed] = await Promise.all([resealAccounts({ db, sealing: newer }, by), writing()])
    expect(resealed.unopened).toEqual([])
    expect(resealed.count).toBeLessThanOrEqual(count)
    // What was saved under the older key in the meantime is done by a further run.
    const rest = await resealAccounts({ db, sealing: newer }, by)
    expect(resealed.count + rest.count).toBeGreaterThanOrEqual(count)
    expect(await resealAccounts({ db, sealing: newer }, by)).toEqual({ count: 0, unopened: [] })

    for (const [index, id] of ids.entries()) {
      if (index % 10 === 0) continue
      const day = changed.includes(id) ? written : dayOf(index)
      const row = await db.prisma.account.findUniqueOrThrow({ where: { id } })
      // The older key is needed no more.
      expect(openBirthDate(alone, id, row.birthDateSealed!)).toBe(day)
      expect(row.birthDateMark).toBe(birthDateMark(older, day))
    }
    const keys = [older.newest, newer.newest]
    expect(await findSealingKeysInUse(db, keys)).toEqual([newer.newest])
    const events = await listAudited(db, 'account.resealed')
    expect(events[0]?.detail).toEqual({ count: resealed.count, key: newer.newest })
    expect(events.length).toBeLessThanOrEqual(2)
  })

  test('that do not open are named and left, and the others are done all the same', async () => {
    const [, one, other] = ids as [AccountId, AccountId, AccountId]
    const moved = await sealedOf(one)
    await db.prisma.account.update({ where: { id: other }, data: { birthDateSealed: moved } })
    await db.prisma.account.update({
      where: { id: ids[3]! },
      data: sealBirthDate(older, ids[3]!, dayOf(3)),
    })
    expect(await resealAccounts({ db, sealing: newer }, by)).toEqual({
      count: 1,
      unopened: [other],
    })
    expect(await sealedOf(other)).toBe(moved)
  })

  test('whose marks are those of another master get the present ones', async () => {
    const [, one] = ids as [AccountId, AccountId]
    await db.prisma.account.update({ where: { id: one }, data: { birthDateMark: 'of before' } })
    expect((await resealAccounts({ db, sealing: newer }, by)).count).toBe(1)
    const row = await db.prisma.account.findUniqueOrThrow({ where: { id: one } })
    expect(row.birthDateMark).toBe(birthDateMark(newer, dayOf(1)))
  })
})
