import * as oidc from 'openid-client'
import { describe, expect } from 'vitest'
import { idClaims, told } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane } from '../support/people.ts'

/** The same story over each storage: a chain of the kit has a server of its own. */
const stories = (['redis', 'database', 'embedded'] as const).map((storage) => ({
  storage,
  test: kit()
    .override('signOnOptions', { storage })
    .override('people', [jane])
    .extend('ncwd', { scope: 'file' }, ({ court }) =>
      court('ncwd', { method: 'private_key_jwt', isPushed: true, hasDpop: true }),
    )
    .extend('ncwb', { scope: 'file' }, ({ court }) => court('ncwb'))
    .extend('ca4', { scope: 'file' }, ({ court }) => court('ca4')),
}))

// On a busy machine the embedded database alone takes ten seconds to be made.
describe.each(stories)('with storage: $storage', { timeout: 60_000 }, ({ test }) => {
  test('an attorney signs in once and each court learns its own facts only', async ({
    browser,
    ncwd,
    ncwb,
    ca4,
  }) => {
    const atNcwd = idClaims(await ncwd.signIn(browser, jane.username))
    const atNcwb = idClaims(await ncwb.walkIn(browser))
    const atCa4 = idClaims(await ca4.walkIn(browser))

    expect(atNcwd['efiling']).toEqual({
      ncwd: {
        court_type: 'district',
        status: 'active',
        role: 'attorney',
        filer_id: 'jdoe-ecf',
        admitted: true,
        actions: ['file', 'receive-notices'],
        since: '2021-09-02',
        redaction_acknowledged_at: expect.any(Number),
        version: 1,
      },
    })
    expect(atNcwb['efiling']).toEqual({
      ncwb: { court_type: 'bankruptcy', status: 'none', actions: [], version: 0 },
    })
    expect(atCa4['efiling']).toMatchObject({ ca4: { status: 'active', filer_id: 'jdoe-ca4' } })
    expect(told(atNcwd)).not.toContain('ca4')
    expect(told(atNcwb)).not.toMatch(/ncwd|ca4/)
    expect(new Set([atNcwd['sub'], atNcwb['sub'], atCa4['sub']]).size).toBe(1)
  })

  test('userinfo and introspection state the same facts, and the court as audience', async ({
    browser,
    ncwb,
  }) => {
    const tokens = await ncwb.signIn(browser, jane.username)
    const subject = String(idClaims(tokens)['sub'])
    const userinfo = await oidc.fetchUserInfo(ncwb.rp, tokens.access_token, subject)
    const introspected = await oidc.tokenIntrospection(ncwb.rp, tokens.access_token)
    expect(userinfo['efiling']).toEqual({
      ncwb: { court_type: 'bankruptcy', status: 'none', actions: [], version: 0 },
    })
    expect(introspected).toMatchObject({
      active: true,
      sub: subject,
      aud: 'https://ecf.ncwb.uscourts.gov/',
      efiling: userinfo['efiling'],
      pacer: { account_number: '7123456', exempt: false },
    })
  })
})
