import { cpSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, inject, onTestFinished, test } from 'vitest'
import { findFilerTroubles } from '../../src/efiling/filer-troubles.ts'
import { findRight, listDecisions, listDoubledFilers } from '../../src/efiling/right-store.ts'
import { UnavailableError } from '../../src/errors.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { sql } from '../support/database.ts'
import { createDatabase, dropDatabase } from '../support/postgres.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { silent } from './databases.ts'

const ours = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
const mine = '20261127220000_rights_as_history'

const people = 300
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** As the release before saves what a file says. */
const upsert = `INSERT INTO standings (account_id, court_id, status, role, filer_id, actions, version)
  VALUES ($1::uuid, 'ncwd', $2::standing_status, 'attorney', $3, '{file,receive-notices}', 1)
  ON CONFLICT (account_id, court_id) DO UPDATE SET status = EXCLUDED.status,
    version = standings.version + 1`

test('what stood in standings is taken over while the release before goes on writing there, and what two people had in two spellings', async () => {
  const url = await createDatabase(inject('postgresUrl'))
  onTestFinished(() => dropDatabase(url))
  const db = await openDatabase({ url, dataDir: '', poolSize: 6 }, silent)
  onTestFinished(() => db.close())
  const folder = temporaryFolder('before-rights')
  const later = temporaryFolder('rights-and-later')
  onTestFinished(folder.remove)
  onTestFinished(later.remove)
  cpSync(ours, folder.path, { recursive: true })
  for (const name of readdirSync(ours).filter((each) => each >= mine && !each.includes('.'))) {
    renameSync(join(folder.path, name), join(later.path, name))
  }
  await migrateDatabase(db, folder.path)
  await db.executeScript(`
    INSERT INTO courts (id, name, type, states, cmecf_host, go_live_on, time_zone)
      VALUES ('ncwd', 'W.D.N.C.', 'district', '{NC}', 'ecf.example', '2021-08-30', 'America/New_York'),
        ('gud', 'Guam', 'district', '{GU}', 'gu.example', '2199-01-01', 'Pacific/Guam');
    INSERT INTO accounts (id, number, type, user_type, is_upgraded, username, username_canonical,
        search_status, updated_at)
      SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, lpad(n::text, 7, '0'),
        'individual', 'attorney', true, 'person-' || n, 'person-' || n, 'active', now()
      FROM generate_series(1, ${people}) n;
    INSERT INTO standings (account_id, court_id, status, role, filer_id, is_admitted, actions, since_on,
        ends_on, version)
      VALUES ('${idOf(1)}', 'gud', 'suspended', 'attorney', 'guam-1', true, '{file,receive-notices}',
        '2021-09-02', '2199-12-31', 7)`)
  const spelled = ['Guam-1', 'twice', 'Twice', 'TWICE']
  for (const [index, filerId] of spelled.entries()) {
    const text = `INSERT INTO standings (account_id, court_id, status, filer_id, actions)
      VALUES ($1::uuid, 'gud', 'active', $2, '{file}')`
    await sql(db, text, [idOf(index + 2), filerId])
  }

  // The release before writes on and on, each person several times, while this one migrates.
  let isOver = false
  const statuses = ['active', 'suspended', 'revoked', 'pending', 'none']
  const writing = Array.from({ length: 3 }, async (_, writer) => {
    let writes = 0
    for (let n = writer + 1; !isOver || writes < people; n += 3) {
      const who = (n % people) + 1
      const values = [idOf(who), statuses[(n + writes) % 5], `filer-${who}`]
      // One that waits too long for the migration fails, and is asked for again.
      const isWritten = await sql(db, upsert, values).then(
        () => true,
        (error) => {
          if (error instanceof UnavailableError) return false
          throw error
        },
      )
      if (isWritten) writes += 1
    }
    return writes
  })
  await migrateDatabase(db, ours)
  isOver = true
  const writes = (await Promise.all(writing)).reduce((sum, each) => sum + each, 0)
  expect(writes).toBeGreaterThanOrEqual(3 * people)

  const standings = await db.prisma.standing.findMany({ orderBy: { accountId: 'asc' } })
  expect(standings).toHaveLength(people + 1 + spelled.length)
  for (const standing of standings) {
    const [accountId, courtId] = [standing.accountId as AccountId, standing.courtId as CourtId]
    expect(await findRight(db, accountId, courtId)).toMatchObject({
      state: standing.status,
      filerId: standing.filerId,
      actions: standing.actions,
      version: standing.version,
    })
  }
  const [kept] = await listDecisions(db, idOf(1) as AccountId, 'gud' as CourtId)
  expect(kept).toMatchObject({
    kind: 'migrate',
    state: 'suspended',
    version: 7,
    // Midnight at the court, ten hours before London's.
    holdsFrom: new Date('2021-09-01T14:00:00Z'),
    sinceOn: '2021-09-02',
    endsOn: '2199-12-31',
    keepsNotices: true,
  })
  expect(await sql(db, 'SELECT id, go_live_version AS version FROM courts ORDER BY id')).toEqual([
    { id: 'gud', version: 0 },
    { id: 'ncwd', version: -1 },
  ])

  // Nobody has lost a CM/ECF account, and each pair is named until the court has taken it from one.
  const numbers = (...all: number[]) => all.map((n) => String(n).padStart(7, '0'))
  const twice = { courtId: 'gud', filerId: expect.stringMatching(/^twice$/i) }
  const guam = {
    courtId: 'gud',
    filerId: expect.stringMatching(/^guam-1$/i),
    numbers: numbers(1, 2),
  }
  expect(await listDoubledFilers(db)).toEqual([guam, { ...twice, numbers: numbers(3, 4, 5) }])
  expect(await findFilerTroubles(db)).toContainEqual(
    expect.stringContaining(
      'that of the accounts 0000003 and 0000004 and 0000005, in two spellings',
    ),
  )
  const respell = (n: number, filerId: string | null) =>
    sql(db, `UPDATE rights SET filer_id = $2 WHERE account_id = $1::uuid AND court_id = 'gud'`, [
      idOf(n),
      filerId,
    ])
  await sql(db, `INSERT INTO rights (account_id, court_id) VALUES ($1::uuid, 'gud')`, [idOf(6)])
  for (const [n, filerId] of [
    [6, 'TwicE'],
    [2, 'twicE'],
  ] as const) {
    await expect(respell(n, filerId)).rejects.toThrow('any_spelling')
  }
  await respell(2, 'guam-2')
  await respell(3, null)
  expect(await listDoubledFilers(db)).toEqual([{ ...twice, numbers: numbers(4, 5) }])
  await expect(respell(6, 'TwicE')).rejects.toThrow('any_spelling')
  await respell(4, null)
  expect(await listDoubledFilers(db)).toEqual([])
  await expect(respell(6, 'TwicE')).rejects.toThrow('any_spelling')
}, 60_000)
