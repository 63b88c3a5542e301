import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bySystem } from '../../src/audit/by.ts'
import { sealEvents, withoutSealing } from '../../src/audit/chain.ts'
import { type SearchKey, searchEvents, searchStatements } from '../../src/audit/search.ts'
import { fillSearch } from '../../src/audit/search-index.ts'
import { recordEvent } from '../../src/audit/store.ts'
import type { ClientId, CourtId } from '../../src/ids.ts'
import type { Database } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'
import { sql } from '../support/database.ts'

const account = '00000000-0000-4000-8000-000000000007'

describe.each(kinds)('searching the audit, on the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>

  beforeAll(async () => {
    ;({ db, close } = await open())
    // Ten courts, a hundred clients, a thousand accounts, a request for each three events.
    await db.executeScript(`INSERT INTO audit_events
        (event, outcome, account_id, client_id, court_id, request_id, format, actor_kind, actor_id)
      SELECT 'standing.changed', 'success',
        ('00000000-0000-4000-8000-' || lpad((i % 1000)::text, 12, '0'))::uuid,
        'client-' || i % 100, CASE WHEN i % 7 = 0 THEN 'court-' || i % 10 END,
        lpad(to_hex(i / 3), 8, '0') || '-0000-4000-8000-000000000000', 2, 'operator', 'olga'
      FROM generate_series(1, 21000) i;
      ANALYZE audit_events`)
    // A turn of the job takes twenty thousand and leaves the rest to the next one.
    expect(await fillSearch(db)).toBe(20_000)
    expect(await fillSearch(db)).toBe(1000)
    await db.executeScript('ANALYZE audit_search')
  }, 120_000)
  afterAll(() => close())

  const searches: [SearchKey, string, number, string][] = [
    ['account', account, 21, 'audit_events_account_id_id_idx'],
    ['client', 'client-7', 210, 'audit_search_client_id_event_id_idx'],
    ['court', 'court-3', 300, 'audit_search_court_id_event_id_idx'],
    ['request', '000003e8', 3, 'audit_search_request_event_id_idx'],
    ['request', '000003e', 48, 'audit_search_request_event_id_idx'],
    ['request', '000003e8-0000-4000-8', 3, 'audit_search_request_event_id_idx'],
  ]

  test.each(searches)('by %s %s finds the newest first', async (key, value, count) => {
    const found = await searchEvents(db, key, value, 1000)
    expect(found).toHaveLength(count)
    expect(found[0]).toMatchObject({ actorKind: 'operator', actorId: 'olga', principalId: null })
    const ids = found.map(({ id }) => Number(id))
    expect(ids).toEqual([...ids].sort((a, b) => b - a))
    const two = await searchEvents(db, key, value, 2)
    expect(two.map(({ id }) => Number(id))).toEqual(ids.slice(0, 2))
  })

  test.each(searches)(
    'by %s %s reads an index and no whole table',
    async (key, value, _, index) => {
      const { name, text } = searchStatements[key]
      const explain = { name: `explain-${name}`, text: `EXPLAIN ${text}` }
      const rows = await db.query<{ 'QUERY PLAN': string }>(explain, [value, 200])
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
      expect(plan).toContain(index)
      expect(plan).not.toContain('Seq Scan on audit_events')
    },
  )

  test.each(['zzzzzzzz', '%', '000003e8-9'])(
    'what no request begins with finds nothing: %s',
    async (value) => {
      expect(await searchEvents(db, 'request', value, 10)).toEqual([])
    },
  )

  test('an event that was just written is found, and once only when it was taken in', async () => {
    const requestId = 'fffffff0-0000-4000-8000-000000000000'
    const about = { clientId: 'client-new' as ClientId, courtId: 'court-new' as CourtId }
    const by = bySystem({ requestId })
    await recordEvent(db, { event: 'consent.given', outcome: 'success', ...about, by })
    const find = async () => [
      ...(await searchEvents(db, 'client', 'client-new', 10)),
      ...(await searchEvents(db, 'court', 'court-new', 10)),
      ...(await searchEvents(db, 'request', 'fffffff0', 10)),
    ]
    expect((await find()).map(({ event }) => event)).toEqual(Array(3).fill('consent.given'))
    expect(await fillSearch(db)).toBe(1)
    expect(await find()).toHaveLength(3)
  })

  test('an event that commits late is taken in, and none twice', async () => {
    // Its transaction began before that of the event which is taken in first.
    const [late] = await sql<{ id: number }>(db, `SELECT nextval('audit_events_id_seq') AS id`)
    await recordEvent(db, { event: 'consent.given', outcome: 'success', by: bySystem() })
    expect(await fillSearch(db)).toBe(1)
    await sql(
      db,
      `INSERT INTO audit_events (id, event, outcome, client_id) VALUES ($1, 'late', 'success', 'client-late')`,
      [late!.id],
    )
    expect(await searchEvents(db, 'client', 'client-late', 9)).toHaveLength(1)
    expect(await fillSearch(db)).toBe(1)
    expect(await fillSearch(db)).toBe(0)
    expect(await searchEvents(db, 'client', 'client-late', 9)).toHaveLength(1)
  })

  test('nothing is taken in while a long transaction keeps sealing away, nor changed ever', async () => {
    await recordEvent(db, { event: 'consent.given', outcome: 'success', by: bySystem() })
    expect(await withoutSealing(db, () => fillSearch(db))).toBe(0)
    expect(await fillSearch(db)).toBe(1)
    await expect(db.executeScript('DELETE FROM audit_search')).rejects.toThrow('append-only')
    await expect(db.executeScript('UPDATE audit_search SET client_id = NULL')).rejects.toThrow(
      'append-only',
    )
    await sealEvents(db)
  })
})
