import { createSecretKey, randomBytes } from 'node:crypto'
import type { Middleware } from 'koa'
import { describe, expect } from 'vitest'
import { respond } from '../../src/http/form-kit.ts'
import { createOwnSessionGate } from '../../src/http/own-session.ts'
import { renderShell } from '../../src/http/page-shell.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { forStaff } from '../../src/staff/gate.ts'
import { listRolesInForce } from '../../src/staff/store.ts'
import { sendPassword } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import type { SignOn, SignOnOptions } from '../support/sign-on.ts'

let server: SignOn

/** A page of the clerk's office of each court, behind the real server. */
const extend: NonNullable<SignOnOptions['extend']> = ({ application, engine }, issuer) => {
  const gate = createOwnSessionGate({
    issuer,
    csrfKey: createSecretKey(randomBytes(32)),
    clientId: 'portal',
    findSession: engine.findSession,
  })
  const desk = forStaff(
    (accountId) => listRolesInForce(server.services.db, accountId),
    (ctx) => ({ roles: ['clerk', 'auditor'], courtId: ctx.path.split('/')[2] as CourtId }),
    (ctx, _session: { accountId: AccountId }, { role }) =>
      respond(ctx, 200, renderShell({ title: 'Desk', body: `<h1>as ${role}</h1>` })),
  )
  const show = gate.page(desk)
  const routes: Middleware = (ctx, next) =>
    ctx.path.startsWith('/desk/') ? show(ctx, next) : next()
  application.use(routes)
}

const clerk = { ...jane, staff_roles: [{ role: 'clerk', court: 'ncwd' }] }

const test = kit()
  .override('people', [clerk, nora])
  .override('signOnOptions', { extend })
  .extend('openAs', ({ signOn, browser }) => async (username: string, path: string) => {
    server = signOn
    const isOurs = (to: URL) => to.origin === signOn.issuer
    const asked = await browser.followWhile(await browser.get(`${signOn.issuer}${path}`), isOurs)
    return browser.followWhile(await sendPassword(browser, asked, username), isOurs)
  })

describe('a page of the clerk’s office', () => {
  test('opens to its clerk, after a sign-in', async ({ openAs }) => {
    const page = await openAs(jane.username, '/desk/ncwd')
    expect([page.status, page.text.includes('<h1>as clerk</h1>')]).toEqual([200, true])
  })

  test('says to a clerk of another court who can help', async ({ openAs, audited }) => {
    const page = await openAs(jane.username, '/desk/ncwb')
    expect(page.status).toBe(403)
    expect(page.text).toContain('This page is for court staff')
    expect(page.text).toContain('ask the head of your office')
    expect(page.text).toContain('(800) 676-6856')
    // Signing in is recorded, and looking at a closed door is not.
    expect((await audited()).map(({ event }) => event)).toEqual([
      'account.password-accepted',
      'account.signed-in',
    ])
  })

  test('stays closed to who is no staff', async ({ openAs }) => {
    expect((await openAs(nora.username, '/desk/ncwd')).status).toBe(403)
  })

  test('closes at the moment in which the role is taken away', async ({
    openAs,
    signOn,
    browser,
  }) => {
    await openAs(jane.username, '/desk/ncwd')
    await signOn.apply({ accounts: [{ number: jane.number, staff_roles: [] }] })
    expect((await browser.get(`${signOn.issuer}/desk/ncwd`)).status).toBe(403)
    await signOn.apply({ accounts: [{ number: jane.number, staff_roles: clerk.staff_roles }] })
    expect((await browser.get(`${signOn.issuer}/desk/ncwd`)).status).toBe(200)
  })
})

test('the name that the release before gives to a role is stored as the present one', async ({
  signOn,
}) => {
  const { db } = signOn.services
  const { id } = await db.prisma.account.findUniqueOrThrow({ where: { number: nora.number } })
  await db.prisma.staffRole.create({
    data: { accountId: id, role: 'court-admin', courtId: 'ncwd' },
  })
  expect(await listRolesInForce(db, id as AccountId)).toEqual([
    { role: 'court-manager', courtId: 'ncwd' },
  ])
  await db.prisma.staffRole.deleteMany({ where: { accountId: id } })
})
