import { createSecretKey, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { sealEvents, verifyChain } from '../../src/audit/chain.ts'
import { recordEvent } from '../../src/audit/store.ts'
import { secretsAccepted } from '../../src/installation/events.ts'
import type { Database } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'
import { isWholeAsBefore, recordAsBefore, sealAsBefore } from './release-before.ts'

const key = createSecretKey(randomBytes(32))

describe.each(kinds)('an audit of two releases, on the $kind database', ({ kind, open }) => {
  let db: Database
  let close: () => Promise<void>

  beforeEach(async () => {
    ;({ db, close } = await open())
  })
  afterEach(() => close())

  const recordNow = (issuer: string) =>
    recordEvent(db, secretsAccepted({ issuer, by: byOperator('olga') }))
  const verify = () => verifyChain(db, key, { all: true })
  /** Behind the chain's back, as somebody would who owns the database. */
  const tamper = (table: string, change: string) =>
    db.executeScript(`ALTER TABLE audit_events DROP CONSTRAINT audit_events_format_check;
      ALTER TABLE ${table} DISABLE TRIGGER USER; ${change};
      ALTER TABLE ${table} ENABLE TRIGGER USER`)

  test('events of before keep the form in which they were sealed', async () => {
    for (const issuer of ['a', 'b', 'c']) await recordAsBefore(db, issuer)
    await sealAsBefore(db)
    await recordAsBefore(db, 'not sealed when this release came')
    await recordNow('d')
    expect(await sealEvents(db)).toBe(2)
    expect(await verify()).toEqual({ ok: true, value: { sealed: 5, skipped: 0, unknown: 0 } })
    expect(await isWholeAsBefore(db)).toBe(true)
  })

  test('both record, seal and verify side by side, and neither raises an alarm', async () => {
    const both = [sealEvents, sealAsBefore]
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([recordAsBefore(db, `${round}`), recordNow(`${round}`)])
      const seals = round % 3 === 0 ? both.map((seal) => seal(db)) : [both[round % 2]!(db)]
      await Promise.all(seals)
      expect(await isWholeAsBefore(db)).toBe(true)
      expect(await verifyChain(db, key)).toMatchObject({ ok: true })
    }
    await sealAsBefore(db)
    await sealEvents(db)
    expect(await isWholeAsBefore(db)).toBe(true)
    const report = await verify()
    // Twenty of each; what the release before linked of this one's, it linked for itself.
    expect(report).toMatchObject({ ok: true, value: { sealed: 60, unknown: 0 } })
    expect(await sealEvents(db)).toBe(0)
  })

  test.each([
    ['who acted', `UPDATE audit_events SET actor_id = 'ina' WHERE format = 2`],
    ['for whom', `UPDATE audit_events SET principal_id = gen_random_uuid() WHERE format = 2`],
    ['the form of an event', `UPDATE audit_events SET format = 1 WHERE format = 2`],
    [
      'an actor where none was sealed',
      `UPDATE audit_events SET actor_kind = 'system' WHERE format = 1`,
    ],
  ])('a change of %s is found', async (_, change) => {
    await recordAsBefore(db, 'a')
    await recordNow('b')
    await sealEvents(db)
    await tamper('audit_events', change)
    expect(await verify()).toMatchObject({ ok: false })
  })

  test('a later chain that begins elsewhere, or nowhere, is found', async () => {
    await recordNow('b')
    await sealEvents(db)
    await tamper(
      'audit_seals',
      `UPDATE audit_seals SET hash = decode(repeat('ff', 32), 'hex') WHERE position = 0`,
    )
    expect(await verify()).toMatchObject({ ok: false })
  })

  test('an event of a later release is left to it, and what stands around it is checked', async () => {
    await recordNow('a')
    await sealEvents(db)
    // A process of a later release records, and seals with a hash that only it can compute.
    await db.executeScript(`INSERT INTO audit_events (event, outcome, format, actor_kind)
      VALUES ('secrets.accepted', 'success', 3, 'system')`)
    expect(await sealEvents(db)).toBe(0)
    await db.executeScript(`INSERT INTO audit_seals (position, event_id, format, hash)
      SELECT 2, max(id), 3, decode(repeat('ab', 32), 'hex') FROM audit_events`)
    await recordNow('c')
    expect(await sealEvents(db)).toBe(1)
    expect(await verifyChain(db, key)).toEqual({
      ok: true,
      value: { sealed: 3, skipped: 0, unknown: 1 },
    })
    // The checkpoint stands before what could not be checked.
    expect(await verifyChain(db, key)).toEqual({
      ok: true,
      value: { sealed: 3, skipped: 1, unknown: 1 },
    })
  })

  test.runIf(kind === 'postgres')(
    'the database refuses an event whose form has no actor',
    async () => {
      const insert = db.executeScript(
        `INSERT INTO audit_events (event, outcome, format) VALUES ('a.b', 'success', 2)`,
      )
      await expect(insert).rejects.toThrow(/audit_events_format_check/)
    },
  )
})
