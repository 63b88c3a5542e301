import { expect } from 'vitest'
import { callbackOf, openPage } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'

/**
 * The engine's own sign-out is behind ours, and no address leads to it. Here one is opened: whatever of
 * the engine ends a session ends it for good, as ours does.
 */
const confirm = '/oidc/planted-confirm'

const test = kit()
  .override('people', [nora])
  .override('signOnOptions', {
    extend({ application }) {
      application.use(async (ctx, next) => {
        const { path } = ctx
        if (path === '/oidc/planted') ctx.path = '/oidc/session/end'
        if (path === confirm) ctx.path = '/oidc/session/end/confirm'
        await next()
        ctx.path = path
      })
    },
  })
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))

test('a session that the engine ends is over for good, with its grants and one audit row', async ({
  signOn,
  ncwd,
  browser,
  at,
  audited,
}) => {
  const { db } = signOn.services
  await ncwd.signIn(browser, nora.username)
  // Its page is a fault of ours, and its secret is in the session by then.
  expect((await browser.get(at('/oidc/planted'))).status).toBe(500)
  const { payload } = await db.prisma.session.findFirstOrThrow({ where: { replacedAt: null } })
  const { secret } = (payload as { state: { secret: string } }).state
  const answer = await browser.post(at(confirm), { xsrf: secret, logout: 'yes' })
  expect(answer.status).toBe(303)

  const rows = await db.prisma.session.findMany()
  expect(rows.map(({ endedAt }) => endedAt)).not.toContain(null)
  expect(await db.prisma.grant.findMany({ where: { revokedAt: null } })).toEqual([])
  expect(await audited('account.signed-out')).toMatchObject([
    { actorKind: 'account', detail: { clients: ['ncwd-cmecf'] } },
  ])
  const { url } = await ncwd.authorize({ prompt: 'none' })
  expect(callbackOf(await openPage(browser, signOn, url))).toContain('error=login_required')
})
