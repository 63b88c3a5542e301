import { globSync, readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { knownBrowserDays } from '../../src/accounts/known-browsers.ts'
import { cookieKinds, cookieName } from '../../src/http/own-cookie.ts'
import { kit } from '../support/kit.ts'

const test = kit()
  .override('signOnOptions', { settings: { CSO_SECURITY_CONTACT: 'https://court.example/report' } })
  .extend(
    'get',
    { scope: 'file' },
    ({ signOn }) =>
      (path: string) =>
        fetch(`${signOn.issuer}${path}`, { redirect: 'manual' }),
  )

describe('what is expected of any website', () => {
  test('security.txt names whom to tell, and ends within a year', async ({ get, signOn }) => {
    const answer = await get('/.well-known/security.txt')
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const fields = Object.fromEntries(
      (await answer.text())
        .trim()
        .split('\n')
        .map((line) => line.split(/: (.*)/s)),
    )
    expect(fields).toMatchObject({
      Contact: 'https://court.example/report',
      Canonical: `${signOn.issuer}/.well-known/security.txt`,
    })
    const days = (Date.parse(fields['Expires']) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(30)
    expect(days).toBeLessThan(366)
  })

  test('robots.txt lets search engines read the directory, and nothing of the sign-in', async ({
    get,
  }) => {
    const text = await (await get('/robots.txt')).text()
    expect(text).toMatch(/^User-agent: \*\n/)
    expect(text).toContain('Allow: /courts\n')
    expect(text).toContain('Disallow: /\n')
  })

  test('a password manager that asks where a password is changed is led to where it is', async ({
    get,
  }) => {
    const answer = await get('/.well-known/change-password')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/account/settings/password')
  })

  test('the icon is one, of its own type, and browsers keep it', async ({ get }) => {
    const answer = await get('/favicon.ico')
    expect(answer.headers.get('content-type')).toBe('image/x-icon')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=86400')
    const bytes = Buffer.from(await answer.arrayBuffer())
    expect([bytes.readUInt16LE(0), bytes.readUInt16LE(2)]).toEqual([0, 1])
    expect(bytes.length).toBeLessThan(5000)
  })

  test('the page on privacy says for how long a browser is known', async ({ get }) => {
    const page = await (await get('/privacy')).text()
    expect(page).toContain(`ends ${knownBrowserDays} days after your last sign-in`)
  })

  test('the page on privacy and operate.md name every cookie that is set', async ({ get }) => {
    const page = await (await get('/privacy')).text()
    const manual = readFileSync('docs/operate.md', 'utf8')
    for (const kind of cookieKinds) {
      expect(page).toContain(`<code>${cookieName(kind, true)}</code>`)
      expect(manual).toContain(`\`${cookieName(kind, true)}\``)
      expect(manual).toContain(`\`${cookieName(kind, false)}\``)
    }
  })

  test('no cookie is set but by the two that know all names', () => {
    const setters = globSync('src/**/*.ts').filter((file) =>
      /cookies\.set\(|['"]Set-Cookie['"]/i.test(readFileSync(file, 'utf8')),
    )
    expect(setters.sort()).toEqual([
      'src/http/own-cookie.ts',
      'src/oidc/browser-session.ts', // takes the session's away
      'src/oidc/open-interactions.ts', // holds back what the engine would set
    ])
  })

  test.for(['/privacy', '/accessibility'])(
    '%s is there without signing in, and linked',
    async (path, { get }) => {
      const page = await (await get(path)).text()
      expect(page).toContain('(800) 676-6856')
      expect(await (await get('/courts')).text()).toContain(`href="${path}"`)
    },
  )

  test.for([
    ['W.D.N.C.', 'court-ncwd'],
    ['4th circuit', 'court-ca4'],
    ['ecf.ncwd', 'court-ncwd'],
  ] as const)('the directory answers %s', async ([query, id], { get }) => {
    const page = await (await get(`/courts?q=${encodeURIComponent(query)}`)).text()
    expect(page).toContain(`id="${id}"`)
    expect(page).not.toContain('id="court-nysd"')
  })

  test('a court’s page has the clerk’s telephone number, and no codes or sources of data', async ({
    get,
  }) => {
    const page = await (await get('/courts/ncwb')).text()
    expect(page).toContain('href="tel:+17043507500"')
    expect(page).toContain('401 West Trade Street')
    expect(page).not.toMatch(/NCWBK|pacer-courts|artifacts/)
  })
})
