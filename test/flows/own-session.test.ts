import { createSecretKey, randomBytes } from 'node:crypto'
import type { Context, Middleware } from 'koa'
import { describe, expect, vi } from 'vitest'
import { z } from 'zod'
import { csrfToken } from '../../src/http/csrf.ts'
import { type FormOf, requiredText, respond } from '../../src/http/form-kit.ts'
import { createOwnSessionGate, freshSeconds } from '../../src/http/own-session.ts'
import { renderShell } from '../../src/http/page-shell.ts'
import { sendPassword } from '../support/court.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import type { SignOnOptions } from '../support/sign-on.ts'

const letter = {
  name: 'letter',
  page: '/desk/letter',
  schema: z.object({ text: requiredText('Write something') }),
  keeps: ['text'],
} satisfies FormOf<z.ZodType>

const csrfKey = createSecretKey(randomBytes(32))

/** Two pages and a form of the test's own behind the real server, with its sessions. */
const extend: NonNullable<SignOnOptions['extend']> = ({ application, engine }, issuer) => {
  type Session = NonNullable<Awaited<ReturnType<typeof engine.findSession>>>
  const gate = createOwnSessionGate({
    issuer,
    csrfKey,
    clientId: 'portal',
    findSession: engine.findSession,
  })
  const page = (ctx: Context, session: Session, text = '', words = ctx.path) =>
    respond(
      ctx,
      200,
      renderShell({
        title: 'Desk',
        body: `<h1>${words}</h1><p>${ctx.search}</p><form method="post" action="/desk/letter" id="letter">
          <input type="hidden" name="csrf" value="${csrfToken(csrfKey, session.uid, letter.name)}">
          <input name="text" value="${text}"><button>Send</button></form>`,
      }),
    )
  const take = gate.form(
    letter,
    (ctx, session, posted) =>
      posted.ok
        ? page(ctx, session, '', `sent: ${posted.value.text}`)
        : page(ctx, session, posted.typed['text'], 'again'),
    { isFresh: true },
  )
  const show = gate.page((ctx, session) => page(ctx, session))
  const showFresh = gate.page((ctx, session) => page(ctx, session), { isFresh: true })
  const routes: Middleware = (ctx, next) => {
    if (ctx.path === '/desk/plain') return show(ctx, next)
    if (ctx.path === '/desk/letter') return (ctx.method === 'POST' ? take : showFresh)(ctx, next)
    return next()
  }
  application.use(routes)
}

const test = kit()
  .override('people', [jane, nora])
  .override('signOnOptions', { extend })
  .extend(
    'open',
    ({ signOn, browser }) =>
      (path: string): Promise<HttpResponse> =>
        browser.get(`${signOn.issuer}${path}`).then((page) => goOn(browser, page, signOn.issuer)),
  )
  .extend(
    'signIn',
    ({ signOn, browser }) =>
      async (page: HttpResponse, username: string): Promise<HttpResponse> =>
        goOn(browser, await sendPassword(browser, page, username), signOn.issuer),
  )

function goOn(browser: HttpClient, page: HttpResponse, issuer: string): Promise<HttpResponse> {
  return browser.followWhile(page, (to) => to.origin === issuer)
}

const later = (seconds: number) => {
  const at = Date.now() + seconds * 1000
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(at)
}

describe('a page of ours', () => {
  test('asks who it is, and comes back to the page with what stood in its address', async ({
    open,
    signIn,
  }) => {
    const asked = await open('/desk/plain?page=2')
    expect(asked.text).toContain('Sign in')
    const page = await signIn(asked, jane.username)
    expect(page.url).toMatch(/\/desk\/plain\?page=2$/)
    expect(page.text).toContain('<h1>/desk/plain</h1>')
  })

  test('leads nobody who gives up round in a circle, and offers the same page', async ({
    open,
    signOn,
    browser,
  }) => {
    const asked = await open('/desk/plain')
    const page = await goOn(browser, await browser.submit(asked.form('cancel')), signOn.issuer)
    expect(page.text).toContain('You are not signed in')
    expect(page.text).toContain('href="/desk/plain"')
  })

  test.for([
    ['//elsewhere.example/x'],
    ['https://elsewhere.example/'],
    ['/\\elsewhere.example'],
    ['/Desk/../x'],
    [''],
  ])(
    'is the only thing that a state leads to: %s',
    async ([page = ''], { open, signIn, browser, signOn }) => {
      await signIn(await open('/account'), jane.username)
      const state = `x.${Buffer.from(page).toString('base64url')}`
      const answer = await browser.get(`${signOn.issuer}/account?state=${state}`)
      expect(answer.location).toBe(`${signOn.issuer}/account`)
    },
  )
})

describe('a page that wants a sign-in of the last five minutes', () => {
  test('opens after a sign-in', async ({ open, signIn }) => {
    const page = await signIn(await open('/desk/letter'), jane.username)
    expect(page.text).toContain('<h1>/desk/letter</h1>')
  })

  test('says why it asks again, and comes back', async ({ open, signIn }) => {
    await signIn(await open('/account'), jane.username)
    later(freshSeconds + 1)
    expect((await open('/desk/plain')).text).toContain('<h1>/desk/plain</h1>')
    const asked = await open('/desk/letter')
    expect(asked.text).toContain('Your last sign-in is too long ago for what you are doing now')
    const page = await signIn(asked, jane.username)
    expect(page.text).toContain('<h1>/desk/letter</h1>')
  })

  test('stays closed to who gives up, and the sign-in of before goes on', async ({
    open,
    signIn,
    browser,
    signOn,
  }) => {
    await signIn(await open('/account'), jane.username)
    later(freshSeconds + 1)
    const asked = await open('/desk/letter')
    const page = await goOn(browser, await browser.submit(asked.form('cancel')), signOn.issuer)
    expect(page.status).toBe(403)
    expect(page.text).toContain('The page you asked for needs a sign-in')
    expect((await open('/desk/plain')).text).toContain('<h1>/desk/plain</h1>')
  })
})

describe('a form of such a page', () => {
  test('is taken within the five minutes', async ({ open, signIn, browser }) => {
    const page = await signIn(await open('/desk/letter'), jane.username)
    const sent = await browser.submit(page.form('letter'), { text: 'Dear court' })
    expect(sent.text).toContain('<h1>sent: Dear court</h1>')
  })

  test('that comes later is kept on a page with the way to sign in, and taken after it', async ({
    open,
    signIn,
    browser,
    signOn,
  }) => {
    const page = await signIn(await open('/desk/letter'), jane.username)
    later(freshSeconds + 1)
    const kept = await browser.submit(page.form('letter'), { text: 'Dear <court>' })
    expect(kept.status).toBe(403)
    expect(kept.text).toContain('what you typed is kept on this page')
    const asked = await goOn(browser, await browser.click(kept, 'sign-in'), signOn.issuer)
    expect(asked.text).toContain('Your last sign-in is too long ago')
    await signIn(asked, jane.username)
    const sent = await browser.submit(kept.form('kept'))
    expect(sent.text).toContain('sent: Dear <court>')
  })

  test('whose sender is signed out is kept, and shown once more to who signs in', async ({
    open,
    signIn,
    browser,
    signOn,
  }) => {
    const page = await signIn(await open('/desk/letter'), jane.username)
    await browser.submit((await open('/account')).form('sign-out'))
    const kept = await browser.submit(page.form('letter'), { text: 'Dear court' })
    expect(kept.text).toContain('You were signed out before the form was sent.')
    const asked = await goOn(browser, await browser.click(kept, 'sign-in'), signOn.issuer)
    await signIn(asked, nora.username)
    const again = await browser.submit(kept.form('kept'))
    expect(again.text).toContain('<h1>again</h1>')
    const sent = await browser.submit(again.form('letter'))
    expect(sent.text).toContain('<h1>sent: Dear court</h1>')
  })
})
