import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { holdAccount } from '../../../src/accounts/hold-account.ts'
import type { StoredAccount } from '../../../src/accounts/store.ts'
import { byAccount, byOperator } from '../../../src/audit/by.ts'
import type { Decision } from '../../../src/efiling/apply-decision.ts'
import { contestLink } from '../../../src/efiling/linking/contest-link.ts'
import { correctLink } from '../../../src/efiling/linking/correct-link.ts'
import { areNamesDifferent } from '../../../src/efiling/linking/link.ts'
import { linkAccount, type WantedLink } from '../../../src/efiling/linking/link-account.ts'
import { findLinkOfImported } from '../../../src/efiling/linking/link-store.ts'
import { openLinking } from '../../../src/efiling/linking/open-linking.ts'
import { settleLink } from '../../../src/efiling/linking/settle-link.ts'
import { findSettlement } from '../../../src/efiling/linking/settlement.ts'
import { unlinkAccount } from '../../../src/efiling/linking/unlink-account.ts'
import { listDecisions } from '../../../src/efiling/right-store.ts'
import type { AccountId, CourtId } from '../../../src/ids.ts'
import { inTransaction } from '../../../src/storage/db.ts'
import { listAudited } from '../../support/audited.ts'
import { sql } from '../../support/database.ts'
import { addImported, type ImportedFields } from '../../support/imported.ts'
import { inNcwb, inNcwd, openRightsHouse, type RightsHouse } from '../../support/rights.ts'

let house: RightsHouse
let clerk: AccountId
let neighbour: AccountId

beforeAll(async () => {
  house = await openRightsHouse()
  clerk = await house.addStaff('clerk', inNcwd)
  neighbour = await house.addStaff('clerk', inNcwb)
})
afterAll(() => house.close())

const addPerson = (other: Partial<StoredAccount> = {}) =>
  house.addPerson({ givenName: 'Dana', familyName: 'Doe', ...other })
const addOld = (other: Partial<ImportedFields> = {}, courtId = inNcwd) =>
  addImported(house.db, courtId, other)
const accountOf = (id: AccountId) =>
  ({ id, type: 'individual', isUpgraded: true, state: 'active' }) as const
const limits = { milliseconds: 30_000 }

const link = (
  accountId: AccountId,
  importedId: string,
  more: Partial<WantedLink> = {},
  on = house.db,
) =>
  inTransaction(
    on,
    (tx) =>
      linkAccount(tx, {
        accountId,
        courtId: inNcwd,
        importedId,
        way: 'password',
        isOnePerson: false,
        by: byAccount(accountId, {}),
        ...more,
      }),
    limits,
  )
const byClerk = (who = clerk) => ({
  way: 'clerk' as const,
  by: byAccount(who, {}),
  reason: 'Seen at the counter',
})
const linked = async (other: Partial<ImportedFields> = {}, courtId = inNcwd) => {
  const [person, importedId] = [await addPerson(), await addOld(other, courtId)]
  const answer = await link(person, importedId, { courtId })
  if (!answer.ok) throw new Error(answer.reason)
  return { person, importedId, linkId: answer.value.id }
}
const mailsOf = (linkId: string) =>
  sql<{ kind: string; facts: Record<string, unknown>; account_id: string | null }>(
    house.db,
    `SELECT kind, facts, account_id FROM mails WHERE about->>'link' = $1 ORDER BY created_at, kind`,
    [linkId],
  )
const contest = (linkId: string, reader: 'holder' | 'old-address') =>
  inTransaction(house.db, (tx) => contestLink(tx, { linkId, reader, origin: {} }))
const settle = (linkId: string, who = clerk) =>
  inTransaction(house.db, (tx) =>
    settleLink(tx, { linkId, reason: 'Asked both', by: byAccount(who, {}) }),
  )
const unlink = (linkId: string, who = clerk) =>
  inTransaction(house.db, (tx) =>
    unlinkAccount(tx, { linkId, reason: 'Another person of that name', by: byAccount(who, {}) }),
  )

describe('a link', () => {
  test('gives what the old system says, forgets the old password, and is told to both addresses', async () => {
    const person = await addPerson()
    const importedId = await addOld({
      login: 'ddoe-first',
      role: 'trustee',
      actions: ['receive-notices'],
      endsOn: '2199-06-30',
      admittedUntil: '2198-12-31',
      settings: '$2b$10$abcdefghijklmnopqrstuu',
      hash: 'a-hash',
    })
    const answer = await link(person, importedId)
    if (!answer.ok) throw new Error(answer.reason)
    const { id } = answer.value
    expect(answer.value).toMatchObject({ way: 'password', namesDiffer: false, linkedBy: person })
    expect(await house.entry(person, inNcwd)).toMatchObject({
      status: 'active',
      role: 'trustee',
      filer_id: 'ddoe-first',
      actions: ['receive-notices'],
      until: '2199-06-30',
      admitted: true,
      admitted_until: '2198-12-31',
    })
    const [left] = await sql<{ hash: unknown }>(
      house.db,
      'SELECT password_hash AS hash FROM imported_accounts WHERE id = $1::uuid',
      [importedId],
    )
    expect(left?.hash).toBeNull()
    const about = { accountId: person, courtId: 'ncwd' }
    expect(await listAudited(house.db, 'account.linked', about)).toMatchObject([
      { actorId: person, detail: { link: id, imported: importedId, way: 'password' } },
    ])
    const mails = await mailsOf(id)
    expect(mails.map(({ kind }) => kind)).toEqual(['account-linked', 'old-account-linked'])
    expect(mails[1]).toMatchObject({ account_id: null })
    expect(Object.keys(mails[1]!.facts).sort()).toEqual(['court', 'login'])
    const others = `SELECT 1 FROM mails WHERE account_id = $1::uuid AND kind = 'right-decided'`
    expect(await sql(house.db, others, [person])).toEqual([])
  })

  test('of an account that is suspended there is suspended here, and one of an inactive account is refused', async () => {
    const { person } = await linked({ status: 'suspended' })
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'suspended', actions: [] })
    const other = await link(await addPerson(), await addOld({ status: 'inactive' }))
    expect(other).toMatchObject({ reason: 'imported-inactive' })
  })

  test('of one old account is made once when twenty people press, and once when one person presses twenty times', async () => {
    const importedId = await addOld()
    // One after the other: that they are there is not what is tried, and a connection waits for nobody for long.
    const people: AccountId[] = []
    while (people.length < 20) people.push(await addPerson())
    const answers = await Promise.all(
      people.map((person, index) => link(person, importedId, {}, house.dbs[index % 2])),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    const reasons = answers.flatMap((answer) => (answer.ok ? [] : [answer.reason]))
    expect(new Set(reasons)).toEqual(new Set(['imported-taken']))

    const [person, own] = [await addPerson(), await addOld()]
    const presses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => link(person, own, {}, house.dbs[index % 2])),
    )
    expect(presses.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await listDecisions(house.db, person, inNcwd)).toHaveLength(1)
  })

  test('is once per court: who linked at one links again at the other', async () => {
    const { person } = await linked()
    expect(await house.entry(person, inNcwb)).toMatchObject({ status: 'none' })
    const other = await link(person, await addOld({}, inNcwb), { courtId: inNcwb })
    expect(other.ok).toBe(true)
    expect(await house.entry(person, inNcwb)).toMatchObject({ status: 'active' })
  })

  test.each<[string, object, () => Promise<[AccountId, string, Partial<WantedLink>?]>]>([
    [
      'no-rights',
      { kind: 'legacy' },
      async () => [await addPerson({ isUpgraded: false }), await addOld()],
    ],
    [
      'no-rights',
      { kind: 'shared' },
      async () => [await addPerson({ type: 'shared' }), await addOld()],
    ],
    [
      'no-rights',
      { kind: 'firm' },
      async () => [await addPerson({ type: 'firm' }), await addOld()],
    ],
    [
      'held',
      {},
      async () => {
        const person = await addPerson()
        await inTransaction(house.db, (tx) =>
          holdAccount(tx, person, 'support', byOperator('test')),
        )
        return [person, await addOld()]
      },
    ],
    [
      'not-live',
      {},
      async () => {
        const court = 'flnd' as CourtId
        await sql(
          house.db,
          `UPDATE courts SET has_go_live_plan = true, live_at = '2199-01-01T13:00:00Z' WHERE id = $1`,
          [court],
        )
        return [await addPerson(), await addOld({}, court), { courtId: court }]
      },
    ],
    ['linked-already', {}, async () => [(await linked()).person, await addOld()]],
    ['imported-taken', {}, async () => [await addPerson(), (await linked()).importedId]],
    [
      'imported-taken',
      {},
      async () => {
        const grant = {
          kind: 'grant',
          role: 'attorney',
          actions: ['file'],
          filerId: 'Known',
        } as const
        await house.decide(clerk, await addPerson(), inNcwd, grant)
        return [await addPerson(), await addOld({ login: 'known' })]
      },
    ],
    [
      'has-right',
      { state: 'active' },
      async () => {
        const person = await addPerson()
        const grant = { kind: 'grant', role: 'attorney', actions: ['file'] } as const
        await house.decide(clerk, person, inNcwd, grant)
        return [person, await addOld()]
      },
    ],
    [
      'names-differ',
      { oldName: 'Robin Roe', name: 'Dana Doe' },
      async () => [await addPerson(), await addOld({ name: 'Robin Roe' })],
    ],
    ['unknown', {}, async () => [await addPerson(), await addOld({}, inNcwb)]],
    ['not-own', {}, async () => [clerk, await addOld(), byClerk()]],
    ['not-yours', {}, async () => [await addPerson(), await addOld(), byClerk(neighbour)]],
    [
      'not-yours',
      {},
      async () => [await addPerson(), await addOld(), { by: byAccount(clerk, {}) }],
    ],
  ])('is refused with %s %o', async (reason, more, prepare) => {
    const [person, importedId, change] = await prepare()
    const answer = await link(person, importedId, change)
    expect(answer).toMatchObject({ ok: false, reason, ...more })
    const [link_] = await sql<{ account_id: string }>(
      house.db,
      'SELECT account_id FROM account_links WHERE imported_id = $1::uuid AND account_id = $2::uuid',
      [importedId, person],
    )
    expect(link_).toBeUndefined()
  })

  test('of two different names needs that somebody says it is one person', async () => {
    const [person, importedId] = [await addPerson(), await addOld({ name: 'Robin Roe' })]
    const answer = await link(person, importedId, { isOnePerson: true })
    expect(answer).toMatchObject({ ok: true, value: { namesDiffer: true } })
  })

  test('by the old password ends with the plan of the court, and by its clerk goes on', async () => {
    const court = 'flsd' as CourtId
    const manager = await house.addStaff('clerk', court)
    await sql(
      house.db,
      `INSERT INTO court_go_lives (court_id, version, kind, live_at, legacy_closes_at, notice_days, changed_at)
        VALUES ($1, 1, 'plan', '2020-01-01T13:00:00Z', '2020-06-01T13:00:00Z', '{}', now())`,
      [court],
    )
    const [person, importedId] = [await addPerson(), await addOld({}, court)]
    expect(await link(person, importedId, { courtId: court })).toMatchObject({
      reason: 'linking-closed',
    })
    const answer = await link(person, importedId, { courtId: court, ...byClerk(manager) })
    expect(answer).toMatchObject({ ok: true, value: { way: 'clerk', linkedBy: manager } })
  })

  test('is not made alone by somebody who works for the court, or who sent the file', async () => {
    const manager = await house.addStaff('court-manager', inNcwd)
    const ofManager = await addOld()
    const staff = await link(manager, ofManager, { isOnePerson: true })
    expect(staff).toMatchObject({ ok: false, reason: 'not-own' })
    expect(await link(manager, ofManager, { way: 'verifier', isOnePerson: true })).toMatchObject({
      reason: 'not-own',
    })
    // A second account of the manager's mailbox, and one who worked there when the file was sent.
    const [email] = await sql<{ email: string }>(
      house.db,
      'SELECT email FROM accounts WHERE id = $1::uuid',
      [manager],
    )
    const twin = await addPerson({ email: email!.email, emailCanonical: email!.email })
    expect(await link(twin, ofManager)).toMatchObject({ reason: 'not-own' })
    const former = await addPerson()
    await sql(
      house.db,
      `UPDATE account_imports SET imported_by = $1::uuid WHERE id =
        (SELECT import_id FROM imported_accounts WHERE id = $2::uuid)`,
      [former, ofManager],
    )
    expect(await link(former, ofManager)).toMatchObject({ reason: 'not-own' })
    expect(await link(former, ofManager, byClerk())).toMatchObject({ ok: true })
  })

  test('is undone or corrected, and its CM/ECF account is not taken away past it', async () => {
    const { person } = await linked({ login: 'kept-with-its-link' })
    for (const decision of [
      { kind: 'free-filer', reason: 'retired' },
      { kind: 'change', filerId: 'another-one' },
    ] as const) {
      expect(await house.decide(clerk, person, inNcwd, decision)).toMatchObject({
        reason: 'is-linked',
      })
    }
    const changed = { kind: 'change', actions: ['receive-notices'] } as const
    expect((await house.decide(clerk, person, inNcwd, changed)).ok).toBe(true)
  })

  test('leaves an admission that the court gave here', async () => {
    const person = await addPerson()
    await house.decide(clerk, person, inNcwd, { kind: 'admit' })
    await link(person, await addOld({ isAdmitted: true, admittedUntil: '2198-12-31' as never }))
    const entry = await house.entry(person, inNcwd)
    expect([entry.admitted, entry.admitted_until]).toEqual([true, undefined])
  })
})

describe('what the court decided about an admission here', () => {
  const ended = { kind: 'end-admission', reason: 'discipline' } as const

  test.each(['password', 'clerk'] as const)(
    'is not undone by a link of the way %s: an admission that it ended stays ended',
    async (way) => {
      const person = await addPerson()
      await house.decide(clerk, person, inNcwd, { kind: 'admit' })
      await house.decide(clerk, person, inNcwd, ended)
      const more = way === 'clerk' ? byClerk() : {}
      expect((await link(person, await addOld({ isAdmitted: true }), more)).ok).toBe(true)
      const entry = await house.entry(person, inNcwd)
      expect([entry.status, entry.admitted]).toEqual(['active', false])
    },
  )

  test('is not undone by undoing the link that brought it, and linking again', async () => {
    const { person, linkId } = await linked()
    await house.decide(clerk, person, inNcwd, ended)
    expect((await unlink(linkId)).ok).toBe(true)
    expect((await link(person, await addOld())).ok).toBe(true)
    expect((await house.entry(person, inNcwd)).admitted).toBe(false)
  })

  test('is nothing where a link alone brought one: the next link brings it, too', async () => {
    const { person, linkId } = await linked()
    expect((await unlink(linkId)).ok).toBe(true)
    expect((await link(person, await addOld())).ok).toBe(true)
    expect((await house.entry(person, inNcwd)).admitted).toBe(true)
  })
})

describe('what the court decided about a right here', () => {
  const grant = { kind: 'grant', role: 'attorney', actions: ['file', 'receive-notices'] } as const
  const decided = async (...later: Decision[]) => {
    const person = await addPerson()
    for (const decision of [grant, ...later]) {
      const by = decision.kind === 'give-up' ? person : clerk
      const answer = await house.decide(by, person, inNcwd, decision)
      if (!answer.ok) throw new Error(answer.reason)
    }
    return person
  }

  test.each<[string, string, () => Decision[]]>([
    [
      'a revocation that is to come',
      'given-up',
      () => [
        { kind: 'revoke', reason: 'discipline', holdsFrom: new Date(Date.now() + 3600_000) },
        { kind: 'give-up' },
      ],
    ],
    [
      'fewer actions',
      'given-up',
      () => [{ kind: 'change', actions: ['receive-notices'] }, { kind: 'give-up' }],
    ],
    [
      'a last day',
      'given-up',
      () => [{ kind: 'extend', endsOn: '2199-06-30' as never }, { kind: 'give-up' }],
    ],
    [
      'a revocation, and undid the link since',
      'none',
      () => [
        { kind: 'revoke', reason: 'discipline' },
        { kind: 'unlink', reason: 'other', message: 'Another person of that name' },
      ],
    ],
  ])('is not undone by giving up and an old password: %s', async (_, state, later) => {
    const [person, importedId] = [await decided(...later()), await addOld()]
    expect(await link(person, importedId)).toMatchObject({ reason: 'has-right', state })
    expect((await openLinking(house.db, accountOf(person), inNcwd))?.bar).toEqual({
      reason: 'has-right',
      state,
    })
    const direct = { kind: 'link', role: 'attorney', actions: ['file'] } as const
    if (state === 'given-up') {
      expect(await house.decide(person, person, inNcwd, direct)).toMatchObject({
        reason: 'not-from-here',
      })
    }
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'none', actions: [] })
    expect((await link(person, importedId, byClerk())).ok).toBe(true)
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'active' })
  })
})

describe('a link that is said to be wrong', () => {
  test('files nowhere from the press on, and is given back when the clerk lets it stand', async () => {
    const { person, linkId } = await linked()
    expect((await contest(linkId, 'old-address')).ok).toBe(true)
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'suspended', actions: [] })
    const [, decision] = await listDecisions(house.db, person, inNcwd)
    expect(decision).toMatchObject({ kind: 'contest', decidedBy: null })
    expect((await mailsOf(linkId)).slice(2).map(({ kind }) => kind)).toEqual([
      'link-contested',
      'old-link-contested',
    ])
    expect(await contest(linkId, 'holder')).toMatchObject({ reason: 'contested-already' })

    expect(await settle(linkId, neighbour)).toMatchObject({ reason: 'not-yours' })
    expect(await settle(linkId, person)).toMatchObject({ reason: 'not-yours' })
    expect((await settle(linkId)).ok).toBe(true)
    expect(await house.entry(person, inNcwd)).toMatchObject({
      status: 'active',
      actions: ['file', 'receive-notices'],
    })
    expect(await settle(linkId)).toMatchObject({ reason: 'not-contested' })
  })

  test('and was suspended before stays suspended when the clerk lets it stand', async () => {
    const { person, linkId } = await linked({ status: 'suspended' })
    await contest(linkId, 'holder')
    expect((await settle(linkId)).ok).toBe(true)
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'suspended' })
  })

  describe('is let stand, and gives back what was in force when it was said to be wrong', () => {
    const soon = () => new Date(Date.now() + 3600_000)
    const decide = async (person: AccountId, decision: Decision) => {
      const answer = await house.decide(clerk, person, inNcwd, decision)
      if (!answer.ok) throw new Error(answer.reason)
    }
    const settlement = async (person: AccountId) =>
      findSettlement(
        await listDecisions(house.db, person, inNcwd),
        { timeZone: 'America/New_York' },
        new Date(),
      )
    const statusOf = async (person: AccountId) => (await house.entry(person, inNcwd)).status

    test('not what was only to come: a reinstatement that is decided ahead does not come at once', async () => {
      const { person, linkId } = await linked({ status: 'suspended' })
      await decide(person, { kind: 'reinstate', holdsFrom: soon() })
      await contest(linkId, 'holder')
      expect(await settlement(person)).toMatchObject({
        givesBack: false,
        before: 'suspended',
        stopped: [{ kind: 'reinstate' }],
      })
      expect((await settle(linkId)).ok).toBe(true)
      expect(await statusOf(person)).toBe('suspended')
    })

    test('also where a suspension was to come: it does not come by itself, and the clerk is told', async () => {
      const { person, linkId } = await linked()
      await decide(person, { kind: 'suspend', reason: 'discipline', holdsFrom: soon() })
      await contest(linkId, 'old-address')
      expect(await settlement(person)).toMatchObject({
        givesBack: true,
        before: 'active',
        stopped: [{ kind: 'suspend', reason: 'discipline' }],
      })
      expect((await settle(linkId)).ok).toBe(true)
      expect(await statusOf(person)).toBe('active')
    })

    test.each<[string, Decision]>([
      ['an admission', { kind: 'admit', admittedUntil: '2199-06-30' as never }],
      ['the role', { kind: 'change', role: 'trustee' }],
      ['the last day', { kind: 'extend', endsOn: '2199-06-30' as never }],
    ])('with what the court has decided since: %s', async (_, decision) => {
      const { person, linkId } = await linked()
      await contest(linkId, 'holder')
      await decide(person, decision)
      expect((await settle(linkId)).ok).toBe(true)
      expect(await statusOf(person)).toBe('active')
      expect((await listDecisions(house.db, person, inNcwd)).map(({ kind }) => kind)).toEqual([
        'link',
        'contest',
        decision.kind,
        'reinstate',
      ])
    })

    test('nothing where the court has suspended or ended the right since', async () => {
      const [one, other] = [await linked(), await linked()]
      for (const { linkId } of [one, other]) await contest(linkId, 'holder')
      await decide(one.person, { kind: 'reinstate' })
      await decide(one.person, { kind: 'suspend', reason: 'discipline' })
      await decide(other.person, { kind: 'revoke', reason: 'discipline' })
      for (const { linkId } of [one, other]) expect((await settle(linkId)).ok).toBe(true)
      expect([await statusOf(one.person), await statusOf(other.person)]).toEqual([
        'suspended',
        'revoked',
      ])
    })

    test('or says why not: something waits for its moment, which is withdrawn first', async () => {
      const { person, linkId } = await linked()
      await contest(linkId, 'holder')
      await decide(person, { kind: 'revoke', reason: 'retired', holdsFrom: soon() })
      expect(await settle(linkId)).toMatchObject({
        reason: 'not-reinstated',
        because: 'waits-for-later',
      })
      await decide(person, { kind: 'withdraw' })
      expect((await settle(linkId)).ok).toBe(true)
      expect(await statusOf(person)).toBe('active')
    })
  })

  test('stops what the court decided ahead of time, also where the right is over', async () => {
    const { person, linkId } = await linked()
    const decide = (decision: Decision) => house.decide(clerk, person, inNcwd, decision)
    await decide({ kind: 'revoke', reason: 'retired' })
    const holdsFrom = new Date(Date.now() + 3600_000)
    await decide({ kind: 'grant', role: 'attorney', actions: ['file'], holdsFrom })
    expect((await contest(linkId, 'old-address')).ok).toBe(true)
    vi.useFakeTimers({ toFake: ['Date'], now: holdsFrom.getTime() + 1000 })
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'revoked', actions: [] })
    expect((await settle(linkId)).ok).toBe(true)
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'revoked', actions: [] })
    vi.useRealTimers()
  })

  test('is undone by a clerk of the court alone, and the admission that it brought ends with it', async () => {
    const { person, importedId, linkId } = await linked()
    expect(await unlink(linkId, neighbour)).toMatchObject({ reason: 'not-yours' })
    expect((await unlink(linkId)).ok).toBe(true)
    expect(await house.entry(person, inNcwd)).toEqual({
      court_type: 'district',
      status: 'none',
      actions: [],
      version: 2,
    })
    expect(await unlink(linkId)).toMatchObject({ reason: 'ended-already' })
    expect(await contest(linkId, 'holder')).toMatchObject({ reason: 'ended-already' })
    // Whose it is then, the clerk says.
    const next = await addPerson()
    expect(await link(next, importedId)).toMatchObject({ reason: 'was-linked' })
    expect(await link(next, importedId, byClerk())).toMatchObject({ ok: true })
    expect((await link(person, await addOld())).ok).toBe(true)
  })

  test('is corrected to another holder in one step, or not at all', async () => {
    const { person, importedId, linkId } = await linked()
    const right = await addPerson()
    const correct = (isOnePerson: boolean) =>
      inTransaction(house.db, (tx) =>
        correctLink(tx, {
          linkId,
          accountId: right,
          isOnePerson,
          reason: 'Father and son',
          by: byAccount(clerk, {}),
        }),
      )
    await sql(house.db, `UPDATE accounts SET given_name = 'Robin' WHERE id = $1::uuid`, [right])
    expect(await correct(false)).toMatchObject({ reason: 'names-differ' })
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'active' })
    expect((await correct(true)).ok).toBe(true)
    expect(await house.entry(person, inNcwd)).toMatchObject({ status: 'none' })
    expect(await house.entry(right, inNcwd)).toMatchObject({ status: 'active' })
    expect(await findLinkOfImported(house.db, importedId)).toMatchObject({ accountId: right })
  })
})

test.each([
  ['Doe, Dana', false],
  ['DANA Q. DOE', false],
  ['Dana O’Doe', true],
  ['Doe', true],
  ['Dana Roe', true],
  ['Dána Doe', false],
])('the name %s in the old system is of another person than Dana Doe: %s', (oldName, isOther) => {
  expect(areNamesDifferent(oldName, { givenName: 'Dana', familyName: 'Doe' })).toBe(isOther)
})
