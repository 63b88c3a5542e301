import { describe, expect, vi } from 'vitest'
import { byAccount } from '../../src/audit/by.ts'
import {
  addClerkPath,
  courtStaffPath,
  heldClerkPath,
} from '../../src/console/roles/court-staff-paths.ts'
import {
  heldRolePath,
  proposeRolePath,
  roleProposalPath,
} from '../../src/console/roles/role-paths.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import { decideRoleProposal, type RoleDecision } from '../../src/staff/decide-role-proposal.ts'
import { grantClerk } from '../../src/staff/grant-clerk.ts'
import { proposeRole } from '../../src/staff/propose-role.ts'
import type { ProposableRole, StaffRole } from '../../src/staff/role.ts'
import { listRolesInForce } from '../../src/staff/store.ts'
import { withdrawRole } from '../../src/staff/withdraw-role.ts'
import type { Database } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { silent } from '../storage/databases.ts'
import type { AuditedEvent } from '../support/audited.ts'
import { commandSettings } from '../support/command-settings.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { disabledAccount, jane, legacyAccount, nora } from '../support/people.ts'
import { openAs, openDesk, sam } from '../support/staff.ts'

const registrar = (n: number, given: string) => ({
  ...sam,
  number: `731000${n}`,
  username: `${given.toLowerCase()}-registrar`,
  given_name: given,
  family_name: 'Registrar',
  email: `${given.toLowerCase()}@example.com`,
  staff_roles: [{ role: 'registrar' }],
})
const rita = registrar(1, 'Rita')
const rob = registrar(2, 'Roberto')
const rena = registrar(3, 'Renate')
/** Rita once more, at the same mailbox. */
const ritaAgain = { ...registrar(4, 'Margarita'), email: 'rita+two@example.com' }
const leaver = registrar(5, 'Leander')
const ada = {
  ...registrar(6, 'Adelaide'),
  family_name: 'Auditor',
  staff_roles: [{ role: 'auditor' }],
}
const max = {
  ...registrar(7, 'Maximilian'),
  family_name: 'Manager',
  staff_roles: [{ role: 'court-manager', court: 'ncwd' }],
}
const candidates = Array.from({ length: 12 }, (_, n) => ({
  ...jane,
  number: String(7_320_000 + n),
  username: `candidate-${String(n).padStart(2, '0')}`,
  family_name: `Candidate-${'abcdefghijkl'[n]}`,
  email: `candidate-${n}@example.com`,
  standings: [],
}))

const support: ProposableRole = { role: 'support', courtId: null }
const clerkOf = (court: string): StaffRole => ({ role: 'clerk', courtId: court as CourtId })
const reason = 'Starts on Monday'

const test = kit()
  .override('people', [
    rita,
    rob,
    rena,
    ritaAgain,
    leaver,
    ada,
    max,
    sam,
    nora,
    legacyAccount,
    disabledAccount,
    ...candidates,
  ])
  /** Of a second process. */
  .extend('otherDb', { scope: 'file' }, async ({ signOn }, { onCleanup }) => {
    const url = commandSettings(signOn)['DATABASE_URL']
    const db = await openDatabase({ url, dataDir: '', poolSize: 10 }, silent)
    onCleanup(() => db.close())
    return db
  })
  .extend('atRitas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, rita.username, onCleanup),
  )
  .extend('atRobs', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, rob.username, onCleanup),
  )
  .extend('atAdas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, ada.username, onCleanup),
  )
  .extend('idOf', { scope: 'file' }, ({ signOn }) => async ({ number }: { number: string }) => {
    const { prisma } = signOn.services.db
    return (await prisma.account.findUniqueOrThrow({ where: { number } })).id as AccountId
  })
  .extend('rolesOf', ({ signOn, idOf }) => async (person: { number: string }) => {
    const roles = await listRolesInForce(signOn.services.db, await idOf(person))
    return roles.map(({ role }) => role)
  })
  /** Somebody proposes a role, past the page. */
  .extend(
    'propose',
    ({ signOn, idOf }) =>
      async (
        by: { number: string },
        person: { number: string },
        role = support,
        db: Database = signOn.services.db,
      ) => {
        const [staffId, accountId] = [await idOf(by), await idOf(person)]
        const wanted = { accountId, role, reason, staffId }
        return proposeRole(db, wanted, byAccount(staffId, {}))
      },
  )
  .extend(
    'decide',
    ({ signOn, idOf }) =>
      async (
        by: { number: string },
        proposalId: string,
        decision: RoleDecision = 'approve',
        db: Database = signOn.services.db,
      ) => {
        const staffId = await idOf(by)
        const decided = { proposalId, decision, reason: 'Called back', staffId }
        return decideRoleProposal(db, decided, byAccount(staffId, {}))
      },
  )
  .extend(
    'withdraw',
    ({ signOn, idOf }) =>
      async (
        by: { number: string },
        person: { number: string },
        role: StaffRole,
        as: 'registrar' | 'court-manager' = 'registrar',
      ) => {
        const [staffId, accountId] = [await idOf(by), await idOf(person)]
        const unwanted = { accountId, role, staffId }
        return withdrawRole(signOn.services.db, unwanted, as, byAccount(staffId, {}))
      },
  )
  /** A registrar fills in the form of a proposal. */
  .extend(
    'fillIn',
    ({ signOn }) =>
      async (browser: HttpClient, by: string, values: Record<string, string>) => {
        const page = await openAs(signOn, browser, by, proposeRolePath)
        return browser.submit(page.form('propose-form'), { reason, ...values })
      },
  )

const problemsIn = ({ text }: HttpResponse) =>
  [...text.matchAll(/<a href="#(\w+)">([^<]+)/g)].map(([, field, words]) => `${field}: ${words}`)

const said = ({ detail }: AuditedEvent) => detail as Readonly<Record<string, unknown>>

const idIn = (made: { ok: boolean; value?: { id: string } }): string => {
  if (!made.value) throw new Error('nothing was proposed')
  return made.value.id
}

describe('a role of the judiciary', () => {
  test('is given by two registrars, and opens its pages at once', async ({
    signOn,
    at,
    isOurs,
    atRitas,
    atRobs,
    openBrowser,
    fillIn,
    audited,
    inbox,
    rolesOf,
  }) => {
    const [who] = candidates
    const sent = await fillIn(atRitas, rita.username, {
      number: ` ${who!.number} `,
      // Another keyboard.
      familyName: 'CANDIDATE a',
      role: 'support',
    })
    expect(sent.headers['location']).toBe(`${paths.staffRoles}#waiting-heading`)
    const list = await atRitas.followWhile(sent, isOurs)
    expect(list.text).toContain('Proposed by you: another registrar approves it')
    expect(await rolesOf(who!)).toEqual([])
    const [told] = await inbox(rob.email)
    expect(told?.subject).toBe('A role waits for a second registrar')
    expect(told?.text).toContain(who!.number)
    expect(await inbox(rita.email)).toEqual([])

    // The second one finds it on the start page, and approves.
    const home = await openAs(signOn, atRobs, rob.username, paths.staff)
    expect(home.text).toContain('1 role waits for a second registrar')
    const waiting = await atRobs.click(home, 'waits-roles')
    const url = /href="([^"]*\/proposals\/[^"]+)"/.exec(waiting.text)![1]!
    const page = await atRobs.get(at(url))
    const empty = await atRobs.submit(page.form('decision-form'), { reason: 'Called back' })
    expect([empty.status, problemsIn(empty)]).toEqual([422, ['decision: Choose what you decide']])
    expect(empty.text).toContain('value="Called back"')
    const approved = await atRobs.submit(page.form('decision-form'), {
      decision: 'approve',
      reason: 'Called back',
    })
    const after = await atRobs.followWhile(approved, isOurs)
    expect(after.text).toContain(`Approved by ${rob.username}`)
    expect(await rolesOf(who!)).toEqual(['support'])
    expect((await openAs(signOn, openBrowser(), who!.username, paths.support)).status).toBe(200)
    const [mail] = await inbox(who!.email)
    expect(mail?.subject).toBe('You were given a role for your work')
    expect(mail?.text).toContain('PACER Service Center, for all courts')
    const names = (await audited()).map(({ event }) => event)
    expect(names.filter((name) => name.startsWith('staff-role.'))).toEqual([
      'staff-role.proposed',
      'staff-role.approved',
      'staff-role.granted',
    ])
  })

  test.for([
    ['an unknown number', { number: '7999999', familyName: 'Doe' }, 'number: No account has'],
    ['another name', { ...of(candidates[1]!), familyName: 'Doe' }, 'number: No account has'],
    ['no number', { ...of(nora), number: '' }, 'number: Enter the account number: seven digits'],
    ['no name', { ...of(nora), familyName: ' ' }, 'familyName: Enter the last name'],
    ['no role', { ...of(nora), role: '' }, 'role: Choose the role'],
    ['a role of clerks', { ...of(nora), role: 'clerk' }, 'role: Choose the role'],
    ['no reason', { ...of(nora), reason: '' }, 'reason: Enter why: the second registrar reads it'],
    ['a manager of no court', { ...of(nora), role: 'court-manager' }, 'court: Choose the court'],
    ['a court too much', { ...of(nora), court: 'ncwd' }, 'court: Choose no court'],
    ['a legacy account', of(legacyAccount), 'number: This account is a legacy one'],
    ['a disabled account', of(disabledAccount), 'number: This account is disabled'],
    ['what is held already', of(sam), 'role: This person has that role already'],
    ['one’s own account', { ...of(rita), role: 'auditor' }, 'number: This account may be your own'],
    ['one’s other account', of(ritaAgain), 'number: This account may be your own'],
  ] as const)(
    'is not proposed with %s, and nothing typed is lost',
    async ([, typed, words], { signOn, atRitas, fillIn, audited }) => {
      // A test account has no last name by itself.
      await signOn.services.db.prisma.account.updateMany({
        where: { number: disabledAccount.number },
        data: { familyName: 'Disabled' },
      })
      const values: Record<string, string> = { role: 'support', ...typed }
      const page = await fillIn(atRitas, rita.username, values)
      expect(page.status).toBe(422)
      expect(problemsIn(page)).toEqual([expect.stringContaining(words)])
      const { number } = values
      if (number) expect(page.text).toContain(`value="${number}"`)
      expect(page.text).toContain('Error: Propose a role')
      expect(await audited('staff-role.proposed')).toEqual([])
      const refusals = await audited('staff-role.refused')
      expect(refusals.map(({ detail }) => detail)).toEqual(
        words.includes('your own')
          ? [{ role: values['role'], act: 'propose', reason: 'own-stake' }]
          : [],
      )
    },
  )

  test('waits once, of twenty proposals at once to two processes', async ({
    otherDb,
    propose,
    audited,
    inbox,
    atRitas,
    fillIn,
  }) => {
    const who = candidates[2]!
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        propose(n % 2 ? rita : rob, who, support, n % 4 < 2 ? otherDb : undefined),
      ),
    )
    expect(sent.filter(({ ok }) => ok)).toHaveLength(1)
    const reasons = sent.flatMap((each) => (each.ok ? [] : [each.reason]))
    expect(new Set(reasons)).toEqual(new Set(['already-proposed']))
    expect(await audited('staff-role.proposed')).toHaveLength(1)
    expect(await inbox(rena.email)).toHaveLength(1)
    const late = await fillIn(atRitas, rita.username, { ...of(who), role: 'support' })
    expect([late.status, problemsIn(late)]).toEqual([
      409,
      ['role: Somebody has proposed this already: it waits for a second registrar'],
    ])
  })

  test('is given once, of twenty decisions at once to two processes', async ({
    otherDb,
    propose,
    decide,
    audited,
    rolesOf,
    inbox,
  }) => {
    const [one, other] = [candidates[3]!, candidates[4]!]
    for (const who of [one, other]) {
      const id = idIn(await propose(rita, who))
      const sent = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          decide(
            n % 2 ? rob : rena,
            id,
            who === other && n % 2 ? 'decline' : 'approve',
            n % 4 < 2 ? otherDb : undefined,
          ),
        ),
      )
      expect(sent.filter(({ ok }) => ok)).toHaveLength(1)
      expect(sent.filter((each) => !each.ok && each.reason === 'not-now')).toHaveLength(19)
    }
    expect(await rolesOf(one)).toEqual(['support'])
    const granted = await audited('staff-role.granted')
    const declined = await audited('staff-role.proposal-ended')
    expect(granted.length + declined.length).toBe(2)
    expect(await rolesOf(other)).toHaveLength(granted.length - 1)
    expect(await inbox(one.email)).toHaveLength(1)
  })
})

describe('the second registrar', () => {
  test('is another person: neither who proposed, with whatever account, nor whom it is for', async ({
    at,
    atRitas,
    propose,
    decide,
    audited,
    rolesOf,
  }) => {
    const who = candidates[5]!
    const id = idIn(await propose(rita, who))
    const page = await atRitas.get(at(roleProposalPath(id)))
    expect(page.text).toContain('another registrar approves it. You can take it back')
    const self = await atRitas.submit(page.form('decision-form'), {
      decision: 'approve',
      reason: 'Myself',
    })
    expect([self.status, self.text.includes('You proposed this yourself')]).toEqual([409, true])
    expect(await decide(ritaAgain, id)).toMatchObject({ reason: 'own-proposal' })
    const forRob = idIn(await propose(rita, rob, { role: 'security-officer', courtId: null }))
    expect(await decide(rob, forRob)).toMatchObject({ reason: 'own-stake' })
    expect(await decide(rob, forRob, 'decline')).toMatchObject({ reason: 'own-stake' })
    expect(await decide(ada, id)).toMatchObject({ reason: 'not-registrar' })
    const refusals = await audited('staff-role.refused')
    expect(refusals.map((each) => [each.outcome, said(each)['act'], said(each)['reason']])).toEqual(
      [
        ['refused', 'approve', 'own-proposal'],
        ['refused', 'approve', 'own-proposal'],
        ['refused', 'approve', 'own-stake'],
        ['refused', 'decline', 'own-stake'],
        ['refused', 'approve', 'not-registrar'],
      ],
    )
    expect(await decide(rita, forRob, 'decline')).toMatchObject({ ok: true })
    expect(await decide(rita, id, 'decline')).toMatchObject({ ok: true })
    const ended = await audited('staff-role.proposal-ended')
    expect(ended.map((each) => said(each)['ending'])).toEqual(['taken-back', 'taken-back'])
    expect([await rolesOf(who), await rolesOf(rob)]).toEqual([[], ['registrar']])
  })

  test('approves nothing of somebody who is no registrar any more, nor for an account that is held', async ({
    signOn,
    propose,
    decide,
    idOf,
    rolesOf,
  }) => {
    const who = candidates[6]!
    const orphan = idIn(await propose(leaver, who))
    await signOn.apply({ accounts: [{ number: leaver.number, staff_roles: [] }] })
    expect(await decide(rob, orphan)).toMatchObject({ reason: 'proposer-left' })
    expect(await propose(leaver, candidates[7]!)).toMatchObject({ reason: 'not-registrar' })
    expect(await decide(rob, orphan, 'decline')).toMatchObject({ ok: true })
    const held = idIn(await propose(rita, who))
    const id = await idOf(who)
    const { prisma } = signOn.services.db
    await prisma.account.update({ where: { id }, data: { supportHoldSince: new Date() } })
    expect(await decide(rob, held)).toMatchObject({ reason: 'held' })
    await prisma.account.update({ where: { id }, data: { supportHoldSince: null } })
    expect(await decide(rob, held)).toMatchObject({ ok: true })
    expect(await rolesOf(who)).toEqual(['support'])
  })

  test('comes too late after seven days, and the same can be proposed again', async ({
    at,
    atRobs,
    propose,
    decide,
  }) => {
    const who = candidates[8]!
    const began = Date.now()
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(began - 7 * 24 * 3600_000 - 1000)
    const id = idIn(await propose(rita, who))
    vi.useRealTimers()
    expect(await decide(rob, id)).toMatchObject({ reason: 'not-now' })
    const page = await atRobs.get(at(roleProposalPath(id)))
    expect([page.status, page.text.includes('Ran out, as nobody decided')]).toEqual([200, true])
    const again = idIn(await propose(rita, who))
    expect(await decide(rob, again, 'decline')).toMatchObject({ ok: true })
  })
})

describe('the pages of roles', () => {
  test('show an auditor everything and change nothing for one', async ({
    at,
    atAdas,
    propose,
    decide,
  }) => {
    const id = idIn(await propose(rita, candidates[9]!))
    const list = await atAdas.get(at(paths.staffRoles))
    expect(list.text).toContain(roleProposalPath(id))
    expect(list.text).not.toContain('Take away')
    expect(list.text).not.toContain(proposeRolePath)
    const court = await atAdas.get(at(`${paths.staffRoles}?court=ncwd`))
    expect(court.text).toContain(max.username)
    const seen = await atAdas.get(at(roleProposalPath(id)))
    expect([seen.status, seen.text.includes('<form method="post" action="/staff')]).toEqual([
      200,
      false,
    ])
    for (const path of [proposeRolePath, heldRolePath('1')]) {
      expect((await atAdas.get(at(path))).status).toBe(403)
    }
    await decide(rob, id, 'decline')
  })

  test('are closed to others, and say what is not there', async ({
    at,
    signOn,
    openBrowser,
    atRobs,
  }) => {
    const other = await openAs(signOn, openBrowser(), sam.username, paths.staffRoles)
    expect(other.status).toBe(403)
    const none = '7a0f3a52-0f1e-4c40-9d3c-9f4f7ad0c111'
    for (const path of [roleProposalPath(none), roleProposalPath('x'), heldRolePath('999999')]) {
      expect((await atRobs.get(at(path))).status).toBe(404)
    }
  })

  test('ask for a sign-in of a moment ago before anything is changed', async ({ at, atRobs }) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 6 * 60_000)
    const asked = await atRobs.get(at(proposeRolePath))
    expect([asked.status, asked.headers['location']]).toEqual([
      303,
      expect.stringContaining('max_age=300'),
    ])
    expect((await atRobs.get(at(paths.staffRoles))).status).toBe(200)
  })
})

describe('a clerk', () => {
  test('is made and unmade by a manager of the court alone, and the registrars are told', async ({
    signOn,
    idOf,
    rolesOf,
    withdraw,
    audited,
    inbox,
  }) => {
    const who = candidates[10]!
    const [staffId, accountId] = [await idOf(max), await idOf(who)]
    const by = byAccount(staffId, {})
    const grant = (court: string, id = accountId) =>
      grantClerk(signOn.services.db, { accountId: id, courtId: court as CourtId, staffId }, by)
    expect(await grant('ncwb')).toMatchObject({ reason: 'not-manager' })
    expect(await grant('ncwd', staffId)).toMatchObject({ reason: 'own-stake' })
    const sent = await Promise.all(Array.from({ length: 20 }, () => grant('ncwd')))
    expect(sent.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await rolesOf(who)).toEqual(['clerk'])
    const notices = (await inbox(rob.email)).filter(({ text }) => text.includes(who.number))
    expect(notices.map(({ subject }) => subject)).toEqual(['A role was given'])
    expect(notices[0]?.text).toContain(`${max.username} gave a role to the account`)
    expect(await withdraw(max, max, clerkOf('ncwb'), 'court-manager')).toMatchObject({
      reason: 'not-manager',
    })
    expect(await withdraw(max, sam, support, 'court-manager')).toMatchObject({
      reason: 'not-manager',
    })
    expect(await withdraw(max, who, clerkOf('ncwd'), 'court-manager')).toMatchObject({ ok: true })
    expect(await rolesOf(who)).toEqual([])
    const mails = await inbox(who.email)
    expect(mails.map(({ subject }) => subject).toSorted()).toEqual([
      'A role was taken from your account',
      'You were given a role for your work',
    ])
    expect((await audited('staff-role.refused')).map((each) => said(each)['reason'])).toEqual([
      'not-manager',
      'own-stake',
      'not-manager',
      'not-manager',
    ])
  })

  test('is added and taken away on the page of the court, and nowhere else', async ({
    signOn,
    at,
    isOurs,
    openBrowser,
    rolesOf,
  }) => {
    const who = candidates[11]!
    const atMaxs = openBrowser()
    const page = await openAs(signOn, atMaxs, max.username, addClerkPath('ncwd'))
    const wrong = await atMaxs.submit(page.form('clerk-form'), { ...of(who), familyName: 'Doe' })
    expect([wrong.status, problemsIn(wrong)]).toEqual([
      422,
      [expect.stringContaining('number: No account has that number together with')],
    ])
    const sent = await atMaxs.submit(page.form('clerk-form'), of(who))
    expect(sent.headers['location']).toBe(`${courtStaffPath('ncwd')}#staff-heading`)
    const list = await atMaxs.followWhile(sent, isOurs)
    expect(list.text).toContain(who.username)
    expect(await rolesOf(who)).toEqual(['clerk'])
    const again = await atMaxs.submit(page.form('clerk-form'), of(who))
    expect([again.status, problemsIn(again)]).toEqual([
      422,
      ['number: This person is a clerk of the court already'],
    ])

    // The clerk sees who works there, and adds nobody; another court is not there at all.
    const theirs = openBrowser()
    const seen = await openAs(signOn, theirs, who.username, courtStaffPath('ncwd'))
    expect([seen.status, seen.text.includes('Take away')]).toEqual([200, false])
    expect((await theirs.get(at(addClerkPath('ncwd')))).status).toBe(403)
    for (const browser of [theirs, atMaxs]) {
      expect((await browser.get(at(courtStaffPath('ncwb')))).status).toBe(404)
    }

    const [, held = ''] =
      new RegExp(`${who.number}.*?href="([^"]*/staff/held/\\d+)"`).exec(list.text) ?? []
    const id = held.split('/').at(-1)!
    expect((await atMaxs.get(at(heldClerkPath('ncwb', id)))).status).toBe(404)
    expect((await atMaxs.get(at(heldClerkPath('ncwd', '1')))).status).toBe(404)
    const taking = await atMaxs.get(at(held))
    expect(taking.text).toContain(who.number)
    await atMaxs.submit(taking.form('take-away-form'))
    expect(await rolesOf(who)).toEqual([])
    // Of what was typed here three tries were counted; nobody is found by trying out names.
    const tries = await Promise.all(
      Array.from({ length: 28 }, (_, n) =>
        atMaxs.submit(page.form('clerk-form'), { number: who.number, familyName: `Try ${n}` }),
      ),
    )
    expect(tries.map(({ status }) => status).sort()).toEqual([...Array(27).fill(422), 429])
    expect((await atMaxs.submit(taking.form('take-away-form'))).status).toBe(404)
    expect((await theirs.get(at(courtStaffPath('ncwd')))).status).toBe(404)
  })
})

describe('a role that is taken away', () => {
  test('is gone at once, by one registrar, and never one’s own', async ({
    at,
    signOn,
    atRobs,
    isOurs,
    openBrowser,
    inbox,
    rolesOf,
    idOf,
  }) => {
    const theirs = openBrowser()
    expect((await openAs(signOn, theirs, sam.username, paths.support)).status).toBe(200)
    const { prisma } = signOn.services.db
    const heldBy = async (person: { number: string }) => {
      const row = await prisma.staffRole.findFirstOrThrow({
        where: { accountId: await idOf(person) },
      })
      return heldRolePath(String(row.id))
    }
    const page = await openAs(signOn, atRobs, rob.username, await heldBy(sam))
    const gone = await atRobs.submit(page.form('take-away-form'))
    expect((await atRobs.followWhile(gone, isOurs)).text).not.toContain(sam.username)
    expect((await theirs.get(at(paths.support))).status).toBe(403)
    expect(await rolesOf(sam)).toEqual([])
    expect((await atRobs.submit(page.form('take-away-form'))).status).toBe(404)
    const [mail] = await inbox(sam.email)
    expect(mail?.subject).toBe('A role was taken from your account')
    const notices = (await inbox(rena.email)).map(({ text }) => text)
    const words = `${rob.username} took a role from the account with the number ${sam.number}`
    expect(notices.filter((text) => text.includes(words))).toHaveLength(1)
    const own = await openAs(signOn, atRobs, rob.username, await heldBy(rob))
    const refused = await atRobs.submit(own.form('take-away-form'))
    expect([refused.status, refused.text.includes('may be your own')]).toEqual([409, true])
  })

  test('is not that of the last two registrars, also when two take away each other’s', async ({
    withdraw,
    rolesOf,
    audited,
  }) => {
    const role: StaffRole = { role: 'registrar', courtId: null }
    expect(await withdraw(rob, ritaAgain, role)).toMatchObject({ ok: true })
    const both = await Promise.all([withdraw(rita, rob, role), withdraw(rob, rita, role)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both.find(({ ok }) => !ok)).toMatchObject({ reason: 'not-registrar' })
    const left = (await rolesOf(rita)).length ? rita : rob
    expect(await withdraw(rena, left, role)).toMatchObject({ reason: 'too-few-registrars' })
    expect(await withdraw(rena, ritaAgain, role)).toMatchObject({ reason: 'not-held' })
    const refusals = await audited('staff-role.refused')
    expect(refusals.map((each) => said(each)['reason'])).toEqual([
      'not-registrar',
      'too-few-registrars',
    ])
  })
})

/** What a registrar types to name somebody. */
function of(person: { number: string; family_name?: unknown }): {
  number: string
  familyName: string
} {
  return { number: person.number, familyName: String(person.family_name ?? 'Disabled') }
}
