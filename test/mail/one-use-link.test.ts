import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AccountId } from '../../src/ids.ts'
import { findLink, mintLink, useLink, voidLinks } from '../../src/mail/one-use-link.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { kinds, silent } from '../storage/databases.ts'
import { cloneDatabase, sql } from '../support/database.ts'
import { dumpStores } from '../support/dump-stores.ts'

const key = createSecretKey(randomBytes(32))
const jane = randomUUID() as AccountId
const nora = randomUUID() as AccountId
const purpose = 'reset-password'

type Minted = Partial<Parameters<typeof mintLink>[2]>
const mint = (db: Database, link: Minted = {}) =>
  inTransaction(db, (tx) =>
    mintLink(tx, key, { purpose, accountId: jane, lifeMinutes: 30, ...link }),
  )
const use = (db: Database, token: string, of = purpose) =>
  inTransaction(db, (tx) => useLink(tx, key, of, token))
const find = (db: Database, token: string, of = purpose) => findLink(db, key, of, token)
const refusal = (reason: string) => expect.objectContaining({ ok: false, reason })
const found = { ok: true, value: { accountId: jane, about: {} } }

const later = (minutes: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

describe.each(kinds)('a one-use link in the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ db, close } = await open())
  })
  afterAll(() => close())
  beforeEach(() => sql(db, 'TRUNCATE one_use_links'))

  test('is used once, and says whose it is and what it is about', async () => {
    const about = { email: '3f0c' }
    const token = await mint(db, { about })
    expect(await use(db, token)).toEqual({ ok: true, value: { accountId: jane, about } })
    expect(await use(db, token)).toEqual(refusal('used'))
    expect(await find(db, token)).toEqual(refusal('used'))
  })

  test('may be of nobody who has an account', async () => {
    const token = await mint(db, { accountId: undefined })
    expect(await use(db, token)).toEqual({ ok: true, value: { accountId: undefined, about: {} } })
  })

  test('changes by nothing that its page asks, ten times', async () => {
    const token = await mint(db)
    const before = await dumpStores({ db, redis: undefined })
    for (let n = 0; n < 10; n += 1) expect(await find(db, token)).toEqual(found)
    expect(await dumpStores({ db, redis: undefined })).toBe(before)
    expect(await use(db, token)).toEqual(found)
  })

  test('is good for its time from its making, and not a moment longer', async () => {
    const [early, late] = [await mint(db), await mint(db, { accountId: nora })]
    later(29.9)
    expect(await use(db, early)).toEqual(found)
    later(0.2)
    expect(await find(db, late)).toEqual(refusal('expired'))
    expect(await use(db, late)).toEqual(refusal('expired'))
    expect(await use(db, early)).toEqual(refusal('used'))
  })

  test('is nothing for another purpose, and what was made up is nothing at all', async () => {
    const token = await mint(db)
    expect(await use(db, token, 'not-me')).toEqual(refusal('unknown'))
    expect(await find(db, token, 'not-me')).toEqual(refusal('unknown'))
    expect(await use(db, '')).toEqual(refusal('unknown'))
    expect(await use(db, token.toUpperCase())).toEqual(refusal('unknown'))
    expect(await use(db, token)).toEqual(found)
  })

  test('uses up the others of its account and purpose, and no more', async () => {
    const [one, two] = [await mint(db), await mint(db)]
    const ofNora = await mint(db, { accountId: nora })
    const notMe = await mint(db, { purpose: 'not-me' })
    expect(await use(db, two)).toEqual(found)
    expect(await use(db, one)).toEqual(refusal('used'))
    expect(await use(db, ofNora)).toMatchObject({ ok: true })
    expect(await use(db, notMe, 'not-me')).toMatchObject({ ok: true })
  })

  test('does not use up that of another stranger, who has no account either', async () => {
    const [one, two] = [
      await mint(db, { accountId: undefined }),
      await mint(db, { accountId: undefined }),
    ]
    expect(await use(db, one)).toMatchObject({ ok: true })
    expect(await use(db, two)).toMatchObject({ ok: true })
  })

  test('is of no use any more when its reason has gone', async () => {
    const [reset, notMe] = [await mint(db), await mint(db, { purpose: 'not-me' })]
    const pressed = await mint(db, { purpose: 'confirm-address', about: { email: '3f0c' } })
    expect(await use(db, pressed, 'confirm-address')).toMatchObject({ ok: true })
    await inTransaction(db, (tx) => voidLinks(tx, jane, [purpose, 'confirm-address']))
    // What nobody pressed is not called used, and whose it was is known.
    const was = { accountId: jane, about: {} }
    for (const look of [find, use]) {
      expect(await look(db, reset)).toEqual({ ok: false, reason: 'voided', was })
      expect(await look(db, pressed, 'confirm-address')).toEqual(refusal('used'))
    }
    expect(await use(db, notMe, 'not-me')).toMatchObject({ ok: true })
  })

  test('is unused again when what it was for is rolled back', async () => {
    const token = await mint(db)
    const fails = inTransaction(db, async (tx) => {
      expect(await useLink(tx, key, purpose, token)).toEqual(found)
      throw new Error('a defect')
    })
    await expect(fails).rejects.toThrow('a defect')
    expect(await use(db, token)).toEqual(found)
  })

  test('is stored in a form from which nobody can open it', async () => {
    const token = await mint(db)
    expect(await dumpStores({ db, redis: undefined })).not.toContain(token)
  })
})

describe('two processes', () => {
  async function openTwo(): Promise<[Database, Database]> {
    const { url, drop } = await cloneDatabase()
    const open = () => openDatabase({ url, dataDir: '', poolSize: 10 }, silent)
    const both: [Database, Database] = [await open(), await open()]
    onTestFinished(async () => {
      await Promise.all(both.map((db) => db.close()))
      await drop()
    })
    return both
  }

  test('that are pressed twenty times at once use a link once, twenty times over', async () => {
    const both = await openTwo()
    for (let round = 0; round < 20; round += 1) {
      const token = await mint(both[0])
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => use(both[n % 2]!, token)),
      )
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
      expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array(19).fill(refusal('used')))
    }
  })

  test('of several links of one account that are pressed at once take one, and fail none', async () => {
    const both = await openTwo()
    for (let round = 0; round < 20; round += 1) {
      const tokens = await Promise.all(Array.from({ length: 8 }, () => mint(both[0])))
      const outcomes = await Promise.all(tokens.map((token, n) => use(both[n % 2]!, token)))
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
      expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array(7).fill(refusal('used')))
    }
  })
})
