import { createSecretKey, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { sealEvents, verifyChain } from '../../src/audit/chain.ts'
import { recordEvent } from '../../src/audit/store.ts'
import { secretsAccepted } from '../../src/installation/events.ts'
import type { Database } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'

const key = createSecretKey(randomBytes(32))

describe.each(kinds)('verifying the audit, on the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>

  const record = async (count: number) => {
    for (let index = 0; index < count; index += 1) {
      await recordEvent(
        db,
        secretsAccepted({ issuer: `https://${index}.example.gov`, by: byOperator('test') }),
      )
    }
    await sealEvents(db)
  }
  /** As somebody would who owns the database: triggers off, then a change behind the chain's back. */
  const tamper = (position: number) =>
    db.executeScript(`ALTER TABLE audit_events DISABLE TRIGGER USER;
      UPDATE audit_events SET detail = '{"issuer":"https://evil.example"}'
        WHERE id = (SELECT event_id FROM audit_seals WHERE position = ${position});
      ALTER TABLE audit_events ENABLE TRIGGER USER`)

  beforeEach(async () => {
    ;({ db, close } = await open())
  })
  afterEach(() => close())

  test('begins where the last check ended, and at the first event when asked to', async () => {
    await record(5)
    expect(await verifyChain(db, key)).toEqual({
      ok: true,
      value: { sealed: 5, skipped: 0, unknown: 0 },
    })
    await record(3)
    expect(await verifyChain(db, key)).toEqual({
      ok: true,
      value: { sealed: 8, skipped: 5, unknown: 0 },
    })
    expect(await verifyChain(db, key)).toEqual({
      ok: true,
      value: { sealed: 8, skipped: 8, unknown: 0 },
    })
    expect(await verifyChain(db, key, { all: true })).toEqual({
      ok: true,
      value: { sealed: 8, skipped: 0, unknown: 0 },
    })
  })

  test('a change since the last check is found, and leaves no checkpoint', async () => {
    await record(5)
    await verifyChain(db, key)
    await record(3)
    await tamper(7)
    expect(await verifyChain(db, key)).toMatchObject({ ok: false, sealed: 6 })
    expect(await verifyChain(db, key)).toMatchObject({ ok: false, sealed: 6 })
  })

  test('a change before the last check is found by a walk over everything', async () => {
    await record(5)
    await verifyChain(db, key)
    await tamper(2)
    expect(await verifyChain(db, key, { all: true })).toMatchObject({ ok: false, sealed: 1 })
  })

  test('a checkpoint that somebody else made is not believed', async () => {
    await record(5)
    await verifyChain(db, createSecretKey(randomBytes(32)))
    await tamper(2)
    expect(await verifyChain(db, key)).toMatchObject({ ok: false, sealed: 1 })
  })

  test('a checkpoint whose place in the chain has changed is not believed', async () => {
    await record(5)
    await verifyChain(db, key)
    await db.executeScript(`ALTER TABLE audit_seals DISABLE TRIGGER USER;
      UPDATE audit_seals SET hash = decode(repeat('00', 32), 'hex') WHERE position = 5;
      ALTER TABLE audit_seals ENABLE TRIGGER USER`)
    expect(await verifyChain(db, key)).toMatchObject({ ok: false, sealed: 4 })
  })
})
