import { describe, expect } from 'vitest'
import { byOperator } from '../../../src/audit/by.ts'
import { findCourt } from '../../../src/courts/store.ts'
import {
  checkImport,
  type ImportReport,
  importAccounts,
} from '../../../src/efiling/imported/import-accounts.ts'
import { importRefusalText } from '../../../src/efiling/imported/import-words.ts'
import { checkOldPassword } from '../../../src/efiling/imported/old-password.ts'
import {
  countImported,
  erasePassword,
  erasePasswordsOf,
  findImported,
  findImportedByLogin,
  findImportedHash,
  findImportedPeppers,
  findLikelySettings,
  listImported,
  lockImported,
  markAddressRefused,
  markTried,
} from '../../../src/efiling/imported/store.ts'
import type { CourtId } from '../../../src/ids.ts'
import { inTransaction } from '../../../src/storage/db.ts'
import { kit } from '../../support/kit.ts'
import { jane, nora } from '../../support/people.ts'

const ncwd = 'ncwd' as CourtId
const ncwb = 'ncwb' as CourtId
const by = byOperator('olga')

const test = kit()
  .override('people', [
    {
      ...jane,
      standings: [
        { court: 'ncwd', status: 'active', role: 'attorney', filer_id: 'Jane9', actions: ['file'] },
      ],
    },
    nora,
  ])
  .extend('deps', { scope: 'file' }, ({ signOn }) => ({
    db: signOn.services.db,
    passwords: signOn.services.passwords,
  }))

const head =
  'login,name,email,bar_number,role,status,admitted,admitted_until,actions,last_day,password_hash'
const bcrypt = '$2b$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm'

function file(lines: readonly string[], courtId = ncwd) {
  return { courtId, name: 'accounts.csv', bytes: Buffer.from([head, ...lines].join('\r\n')) }
}

function counts({ rows, added, changed, same, taken }: ImportReport) {
  return { rows, added, changed, same, taken }
}

describe('a file of accounts', () => {
  const lines = [
    `JDoe,"Doe, Jane",Jane@Example.com,NC 1,attorney,active,yes,2030-01-31,file receive-notices,,${bcrypt}`,
    'rroe,Richard Roe,rroe@example.com,,pro-hac-vice,suspended,no,,file,2030-12-31,',
    'mpoe,Mary Poe,,,attorney,inactive,no,,,,',
    'jane9,Somebody Else,,,attorney,active,no,,file,,',
  ]

  test('is taken as a whole, and again changes nothing', async ({ deps, audited }) => {
    const { db } = deps
    const would = await checkImport(deps, file(lines))
    const expected = { rows: 4, added: 3, changed: 0, same: 0, taken: 1 }
    expect(would.ok && counts(would.value)).toEqual(expected)
    expect(await countImported(db, ncwd)).toBe(0)

    const done = await importAccounts(deps, file(lines), by)
    expect(done).toEqual(would)
    expect(done.ok && done.value.takenLines).toEqual([
      { line: 5, text: 'the CM/ECF account jane9 is somebody’s already' },
    ])
    expect((await findCourt(db, ncwd))?.takesLinks).toBe(true)
    expect((await findCourt(db, ncwb))?.takesLinks).toBe(false)

    const found = await findImportedByLogin(db, ncwd, ' jdoe ')
    expect(found).toMatchObject({
      courtId: ncwd,
      login: 'JDoe',
      name: 'Doe, Jane',
      email: 'Jane@Example.com',
      barNumber: 'NC 1',
      role: 'attorney',
      status: 'active',
      isAdmitted: true,
      admittedUntil: '2030-01-31',
      actions: ['file', 'receive-notices'],
      endsOn: null,
      hasPassword: true,
      triedAt: null,
    })
    expect(await findImported(db, ncwb, found!.id)).toBeUndefined()
    const [{ id: pepper }] = deps.passwords.peppers
    expect(await findImportedPeppers(db, [pepper, 'another'])).toEqual([pepper])
    const hash = await findImportedHash(db, found!.id)
    const places = ['0'.repeat(32), '8'.repeat(32), 'f'.repeat(32)]
    const likely = await Promise.all(places.map((place) => findLikelySettings(db, ncwd, place)))
    expect(new Set(likely)).toEqual(new Set([bcrypt.slice(0, 29)]))
    const [usual] = likely
    expect(await checkOldPassword(deps.passwords, hash, 'abc', usual)).toBe(true)
    expect(await checkOldPassword(deps.passwords, undefined, 'abc', usual)).toBe(false)

    const kept = await listImported(db, ncwd, { text: '' }, { after: '', limit: 9 })
    const again = await importAccounts(deps, file(lines), byOperator('otto'))
    expect(again.ok && counts(again.value)).toEqual({ ...expected, added: 0, same: 3 })
    expect(await listImported(db, ncwd, { text: '' }, { after: '', limit: 9 })).toEqual(kept)
    const events = await audited('account.imported')
    expect(events.map(({ actorId, courtId, detail }) => [actorId, courtId, detail])).toEqual([
      ['olga', ncwd, expect.objectContaining({ rows: 4, added: 3, changed: 0 })],
    ])
  })

  test('is searched by login, name, bar number and e-mail address, page by page', async ({
    deps: { db },
  }) => {
    const search = async (text: string, status?: 'suspended') =>
      (await listImported(db, ncwd, { text, status }, { after: '', limit: 9 })).map(
        ({ login }) => login,
      )
    expect(await search('')).toEqual(['JDoe', 'mpoe', 'rroe'])
    expect(await search(' RR')).toEqual(['rroe'])
    expect(await search('POE')).toEqual(['mpoe'])
    expect(await search('nc 1')).toEqual(['JDoe'])
    expect(await search('jane@')).toEqual(['JDoe'])
    expect(await search('%')).toEqual([])
    expect(await search('', 'suspended')).toEqual(['rroe'])
    const next = await listImported(db, ncwd, { text: '' }, { after: 'JDoe', limit: 1 })
    expect(next.map(({ login }) => login)).toEqual(['mpoe'])
  })

  test('of a later day changes what differs, and touches nothing that was linked or decided since', async ({
    deps,
    signOn,
  }) => {
    const { db } = deps
    const linked = (await findImportedByLogin(db, ncwd, 'rroe'))!
    const { id: janesId } = await signOn.services.db.prisma.account.findUniqueOrThrow({
      where: { number: nora.number },
    })
    await db.executeScript(`INSERT INTO account_links (court_id, imported_id, account_id, way,
      names_differ, reason, linked_at, linked_by, ended_at, end_reason) VALUES ('ncwd',
      '${linked.id}', '${janesId}', 'clerk', false, 'asked', now(), '${janesId}', now(), 'other')`)
    await inTransaction(db, async (tx) => {
      await markAddressRefused(tx, ncwd, 'jane@example.com')
      await markTried(tx, linked.id, new Date())
      expect((await lockImported(tx, ncwd, linked.id))?.triedAt).not.toBeNull()
    })
    const otherHash = bcrypt.replace('Ro0', 'Rp0')
    const later = [
      lines[0]!.replace('Jane@', 'Doe@').replace('JDoe', 'jdoe').replace(bcrypt, otherHash),
      lines[1]!.replace('suspended', 'active'),
      lines[2]!,
      'new1,Newly There,,,attorney,active,no,,file,,',
    ]
    const done = await importAccounts(deps, file(later), by)
    expect(done.ok && counts(done.value)).toEqual({
      rows: 4,
      added: 1,
      changed: 1,
      same: 1,
      taken: 1,
    })
    expect(done.ok && done.value.takenLines).toEqual([
      { line: 3, text: 'rroe was linked, or decided about, since it was imported' },
    ])
    expect(await findImportedByLogin(db, ncwd, 'rroe')).toMatchObject({ status: 'suspended' })
    const changed = await findImportedByLogin(db, ncwd, 'JDOE')
    expect(changed).toMatchObject({
      login: 'jdoe',
      email: 'Doe@Example.com',
      addressRefusedAt: null,
    })
    const hash = await findImportedHash(db, changed!.id)
    expect(hash?.settings).toBe(otherHash.slice(0, 29))
    // A file that says nothing of a password leaves it.
    await importAccounts(deps, file([later[0]!.replace(otherHash, '')]), by)
    expect(await findImportedHash(db, changed!.id)).toEqual(hash)
    await inTransaction(db, (tx) => erasePassword(tx, changed!.id))
    expect(await findImportedHash(db, changed!.id)).toBeUndefined()
  })

  test('with one wrong line changes nothing, and every wrong line is told', async ({ deps }) => {
    const wrong = [
      ...lines,
      'x y,X,,,attorney,active,no,,file,,',
      'JDOE,J,,,judge,active,no,,file,,',
    ]
    for (const run of [
      checkImport(deps, file(wrong, ncwb)),
      importAccounts(deps, file(wrong, ncwb), by),
    ]) {
      expect(await run).toMatchObject({
        ok: false,
        reason: 'wrong-lines',
        rows: 4,
        isCut: false,
        lines: [{ line: 6 }, { line: 7, text: expect.stringContaining('role:') }],
      })
    }
    const cut = await checkImport(deps, file(Array(2000).fill('x'), ncwb))
    expect(cut).toMatchObject({ ok: false, reason: 'wrong-lines', isCut: true })
    expect(!cut.ok && importRefusalText(cut)).toContain(
      '1,000 things are wrong in the file up to line 1001, and perhaps more',
    )
    expect(await countImported(deps.db, ncwb)).toBe(0)
    const nowhere = await importAccounts(deps, file(lines, 'zzz' as CourtId), by)
    expect(nowhere).toMatchObject({ ok: false, reason: 'unknown-court' })
  })

  test('of five thousand lines takes a few statements for five hundred, and one of two at once', async ({
    deps,
  }) => {
    const { db } = deps
    const many = Array.from(
      { length: 5000 },
      (_, index) =>
        `filer${index},Filer ${index},f${index}@example.com,,attorney,active,no,,file,,`,
    )
    many[0] = many[0]!.replace(/,$/, `,${bcrypt}`)
    const before = db.statementCount
    const told: number[] = []
    const [one, other] = await Promise.all([
      importAccounts(deps, file(many, ncwb), by, (rows) => told.push(rows)),
      importAccounts(deps, file(many, ncwb), by),
    ])
    const reasons = [one, other].map((each) => (each.ok ? each.value.added : each.reason))
    expect(reasons.toSorted()).toEqual([5000, 'under-way'])
    // Compare and insert ten times, and what begins and ends; what else the server does meanwhile counts, too.
    expect(db.statementCount - before).toBeLessThan(100)
    if (one.ok) expect(told).toEqual(Array.from({ length: 10 }, (_, index) => (index + 1) * 500))
    expect(await countImported(db, ncwb)).toBe(5000)
    expect(await inTransaction(db, (tx) => erasePasswordsOf(tx, ncwb))).toBe(1)
    const same = await checkImport(deps, file(many, ncwb))
    expect(same.ok && same.value).toMatchObject({ added: 0, changed: 1, same: 4999 })
  })
})
