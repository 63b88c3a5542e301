import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Koa from 'koa'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assets, assetUrl } from '../../src/http/assets.ts'
import { expectNoNewAxeViolations } from '../support/axe.ts'
import { launchBrowser, type PageOptions, type TestBrowser } from '../support/browser.ts'
import { brokenNumbers, smallTexts, unfitForPaper } from './inspect-texts.ts'
import { pageStates } from './page-states.ts'

const inspectPage = readFileSync(new URL('./inspect-page.js', import.meta.url), 'utf8')

const nonce = 'cmFuZG9tLW5vbmNl'
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  `script-src 'nonce-${nonce}'`,
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

let server: Server
let browser: TestBrowser
let origin: string
let faults: unknown[] = []
let posted: { path: string; form: Record<string, string> }[] = []

beforeAll(async () => {
  const app = new Koa()
  // A browser that walks away from a page drops what it was still loading.
  app.on('error', (error) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') faults.push(error)
  })
  app.use(assets())
  app.use(async (ctx) => {
    if (ctx.method === 'POST') {
      const form = Object.fromEntries(new URLSearchParams(await text(ctx.req)))
      posted.push({ path: ctx.path, form })
      ctx.body = '<!doctype html><html lang="en"><title>Taken</title><h1>Taken</h1>'
      return
    }
    const name = ctx.path.slice(1)
    const render = pageStates[name]
    if (!render) return
    ctx.set('Content-Security-Policy', contentSecurityPolicy)
    ctx.type = 'html'
    ctx.body = render(nonce)
  })
  server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.stop()
  server?.closeAllConnections()
  server?.close()
})

type Opened = { readonly page: Page; readonly complaints: string[] }

// Windows are used again: a new one reads the style sheet again, and these pages keep nothing in theirs.
const atRest = new Map<string, Opened[]>()

/** Opens a page and collects what the browser complains about, CSP violations included. */
async function open(name: string, options: PageOptions = {}): Promise<Opened & AsyncDisposable> {
  posted = []
  const kind = JSON.stringify(options)
  const opened = atRest.get(kind)?.pop() ?? (await openWindow(options))
  const { page, complaints } = opened
  complaints.length = 0
  await page.goto(`${origin}/${name}`, { waitUntil: 'load' })
  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      await page.unrouteAll()
      for (const beside of page.context().pages()) if (beside !== page) await beside.close()
      atRest.set(kind, [...(atRest.get(kind) ?? []), opened])
    },
  }
}

async function openWindow(options: PageOptions): Promise<Opened> {
  const page = await browser.newPage(options)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  return { page, complaints }
}

/** The ids of what the keyboard reaches, in order; a control without an id by its text. */
async function tabStops(page: Page, amount: number): Promise<string[]> {
  const stops: string[] = []
  for (let stop = 0; stop < amount; stop++) {
    await page.keyboard.press('Tab')
    stops.push(await focused(page))
  }
  return stops
}

function focused(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const element = document.activeElement
    return element.id || element.textContent.trim().replace(/\\s+/g, ' ')
  })()`)
}

/** The text as a reader sees it. */
async function shown(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).allInnerTexts()).join('\n').replace(/\n+/g, '\n')
}

describe('at 400 and at 1280 pixels', () => {
  let opened: Opened
  let examine: Record<number, ReturnType<typeof expectNoNewAxeViolations>>

  // One window for all: the stylesheet is read once, as in a real visit.
  beforeAll(async () => {
    opened = await openWindow({})
    const { page } = opened
    const windowOf = async (width: number) => {
      const window = await page.context().newPage()
      await window.setViewportSize({ width, height: 900 })
      return expectNoNewAxeViolations(window)
    }
    examine = { 1280: await windowOf(1280), 400: await windowOf(400) }
  })
  afterAll(() => opened.page.context().close())

  const wellFormed = {
    overflow: 0,
    headings: 1,
    mains: 1,
    duplicateIds: [],
    danglingIds: [],
    controlsWithoutId: [],
    foreignElements: [],
    isHacked: false,
  }

  // WCAG 1.4.10: 320 pixels are what is left of 1280 at a zoom of 400 %.
  const widths = [1280, 400, 320]
  // Axe takes long, and its rules ask little about the width: it looks at each state in one of two, in turn,
  // so that of the states of one page some are looked at in each.
  const names = Object.keys(pageStates)
  test.each(names)('the page %s is accessible, well formed and readable', async (name) => {
    const { page, complaints } = opened
    faults = []
    complaints.length = 0
    const isEven = names.indexOf(name) % 2 === 0
    const widthForAxe = isEven ? 1280 : 400
    await page.goto(`${origin}/${name}`)
    expect(await page.title()).toMatch(/^\S.* \| Central Sign-On$/)
    // Every other page is looked at from the narrowest width on: it is there already.
    for (const width of isEven ? widths : widths.toReversed()) {
      await page.setViewportSize({ width, height: 900 })
      expect(await page.evaluate(inspectPage), `at ${width} pixels`).toEqual(wellFormed)
      if (width === widthForAxe) await examine[width]!(page)
      // Names from an attacker say nothing about the looks of a page.
      if (width !== 400 || name.endsWith('-hostile')) continue
      expect(await page.evaluate(smallTexts), 'smaller than 16 pixels').toEqual([])
      expect(await page.evaluate(brokenNumbers), 'telephone numbers').toEqual([])
      await page.emulateMedia({ media: 'print' })
      expect(await page.evaluate(unfitForPaper), 'on paper').toEqual([])
      await page.emulateMedia({ media: null })
    }
    expect(complaints).toEqual([])
    expect(faults).toEqual([])
  })

  test.each(['1280', '400'])('at %s pixels a copy shows axe what is wrong', async (width) => {
    const { page } = opened
    const wrong = async (spoil: string) => {
      await page.goto(`${origin}/sign-in`)
      await page.evaluate(spoil)
      return examine[Number(width)]!(page).catch(({ actual }) => String(actual))
    }
    const find = (selector: string) => `document.querySelector('${selector}')`
    expect(await wrong(`${find('label')}.remove()`)).toContain('label: #username')
    expect(await wrong(`${find('main label')}.className = 'text-base-lighter'`)).toContain(
      'color-contrast: ',
    )
    expect(await wrong(`${find('main label')}.style.color = '#eee'`)).toContain('color-contrast: ')
    expect(await wrong(`${find('html')}.lang = ''`)).toContain('html-has-lang: html')
    expect(await wrong('')).toBeUndefined()
  })
})

test('no page says what it was not given', () => {
  const wrong = Object.entries(pageStates).filter(([, render]) =>
    /\bundefined\b|\[object /.test(render('nonce')),
  )
  expect(wrong.map(([name]) => name)).toEqual([])
})

describe('names and addresses from outside', () => {
  const hostileStates = Object.keys(pageStates).filter((name) => name.endsWith('-hostile'))

  test.each(hostileStates)('stay text on the page %s', async (name) => {
    await using opened = await open(name)
    const { page } = opened
    expect(await shown(page, 'body')).toContain('<script>window.hacked=1</script>')
    expect(await page.evaluate(inspectPage)).toMatchObject({ foreignElements: [], isHacked: false })
  })

  test('stay inside the attributes they are written into', async () => {
    await using opened = await open('sign-in-hostile')
    const { page } = opened
    expect(await page.inputValue('#username')).toContain('<script>window.hacked=1</script>"')
    expect(await page.inputValue('#sign-in input[name=csrf]')).toContain('"\'><img')
  })
})

test('a request is approved with the keyboard alone, and without JavaScript', async () => {
  await using opened = await open('queue-approve', { javaScriptEnabled: false })
  const { page } = opened
  await page.focus('#role')
  expect(await tabStops(page, 1)).toEqual(['grants'])
  await page.keyboard.press('ArrowDown')
  expect(await tabStops(page, 1)).toEqual(['admitted'])
  await page.keyboard.press('Space')
  expect(await tabStops(page, 2)).toEqual(['admittedUntil', 'endsOn'])
  await page.keyboard.type('12/31/2029')
  expect(await tabStops(page, 3)).toEqual(['as-former', 'filerId', 'message'])
  await page.keyboard.type('Welcome')
  expect(await tabStops(page, 1)).toEqual(['approve-submit'])
  await page.keyboard.press('Enter')
  await page.waitForURL('**/approve')
  expect(posted).toEqual([
    {
      path: '/staff/courts/ncwb/requests/12345678/approve',
      form: {
        csrf: 'csrf-token',
        version: '2',
        role: 'attorney',
        grants: 'notices',
        admitted: 'yes',
        admittedUntil: '',
        endsOn: '12/31/2029',
        as: 'former',
        filerId: '',
        message: 'Welcome',
      },
    },
  ])
})

describe('the sign-in page', () => {
  test('can be filled in and sent with the keyboard alone', async () => {
    await using opened = await open('sign-in')
    const { page } = opened
    expect(await tabStops(page, 3)).toEqual([
      'Skip to main content',
      'An official website of the United States government Here’s how you know',
      'username',
    ])
    await page.keyboard.type('jdoe-carolina')
    expect(await tabStops(page, 1)).toEqual(['password'])
    await page.keyboard.type('correct horse')
    expect(await tabStops(page, 2)).toEqual(['show-password', 'sign-in-submit'])
    await page.keyboard.press('Enter')
    await page.waitForURL('**/taken')
    expect(posted).toEqual([
      {
        path: '/taken',
        form: { csrf: 'csrf-token', username: 'jdoe-carolina', password: 'correct horse' },
      },
    ])
  })

  test('works without JavaScript', async () => {
    await using opened = await open('sign-in', { javaScriptEnabled: false })
    const { page } = opened
    expect(await page.isVisible('#show-password')).toBe(false)
    await page.fill('#username', 'jdoe-carolina')
    await page.fill('#password', 'correct horse')
    await page.click('#sign-in-submit')
    await page.waitForURL('**/taken')
    expect(posted[0]?.form.password).toBe('correct horse')
  })

  test('gives up with a form of its own, without what was typed', async () => {
    await using opened = await open('sign-in')
    const { page } = opened
    await page.fill('#password', 'correct horse')
    await page.click('#cancel-submit')
    await page.waitForURL('**/cancelled')
    expect(posted).toEqual([{ path: '/cancelled', form: { csrf: 'csrf-token' } }])
  })

  test('skips to the main content', async () => {
    await using opened = await open('sign-in')
    const { page } = opened
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await tabStops(page, 1)).toEqual(['username'])
  })

  test('opens the official banner by keyboard and without JavaScript', async () => {
    await using opened = await open('sign-in', { javaScriptEnabled: false })
    const { page } = opened
    const explanation = page.getByText('Official websites use .gov')
    expect(await explanation.isVisible()).toBe(false)
    await page.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await explanation.isVisible()).toBe(true)
  })

  test('names every court that asked, and the application where it is another name', async () => {
    await using one = await open('sign-in')
    expect(await shown(one.page, '#asked-by')).toBe(
      'You are signing in to\nU.S. District Court for the Western District of North Carolina',
    )
    await using two = await open('sign-in-two-courts')
    const asked = await shown(two.page, '#asked-by')
    expect(asked).toContain('U.S. Bankruptcy Court for the Western District of North Carolina')
    expect(asked).toContain('through Docket Filer')
    await using national = await open('sign-in-national')
    expect(await shown(national.page, '#asked-by')).toContain('PACER Case Locator')
    expect(await shown(one.page, '#cancel')).toBe('Cancel and go back to the court')
    expect(await shown(national.page, '#cancel')).toBe('Cancel and go back to PACER Case Locator')
  })

  test('has a vendor’s name above its courts, which are folded to a sentence', async () => {
    await using opened = await open('sign-in-vendor', { javaScriptEnabled: false })
    const { page } = opened
    expect(await shown(page, '.cso-asked-by__court')).toBe('Docket Filer')
    expect(await shown(page, '#asked-by summary')).toBe('for 210 courts')
    expect(await page.isVisible('#asked-by li')).toBe(false)
    await page.focus('#asked-by summary')
    await page.keyboard.press('Enter')
    expect(await page.locator('#asked-by li:visible').count()).toBe(210)
    expect(await shown(page, '#cancel')).toBe('Cancel and go back to Docket Filer')
  })

  test('starts at the problem, which leads to the field to mend', async () => {
    await using opened = await open('sign-in-missing-fields')
    const { page } = opened
    expect(await focused(page)).toBe('problem')
    expect(await page.getAttribute('#problem', 'role')).toBe('alert')
    expect(await tabStops(page, 2)).toEqual(['Enter your username', 'Enter your password'])
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('password')
    expect(await page.getAttribute('#password', 'aria-invalid')).toBe('true')
    expect(await page.getAttribute('#password', 'aria-describedby')).toBe('password-error')
  })

  test('keeps the username and asks for the password only', async () => {
    await using opened = await open('sign-in-missing-password')
    const { page } = opened
    expect(await page.inputValue('#username')).toBe('jdoe-carolina')
    expect(await page.getAttribute('#username', 'aria-invalid')).toBeNull()
    expect(await shown(page, '#problem')).not.toContain('username')
  })

  test('marks both fields after wrong credentials and never repeats the password', async () => {
    await using opened = await open('sign-in-wrong-credentials')
    const { page } = opened
    expect(await page.getAttribute('#username', 'aria-invalid')).toBe('true')
    expect(await page.getAttribute('#username', 'aria-describedby')).toContain('problem-text')
    expect(await page.getAttribute('#password', 'aria-describedby')).toBe('problem-text')
    expect(await page.inputValue('#password')).toBe('')
    expect(await page.title()).toBe('Error: Sign in | Central Sign-On')
  })

  test.each([
    ['sign-in-locked', 'Wait 4 minutes, until 2:46 p.m. Eastern time, then try again.'],
    ['sign-in-paused-now', 'Wait 30 seconds, until 2:45:10 p.m. Eastern time, then try again.'],
    ['sign-in-busy', 'Wait 2 seconds'],
    ['sign-in-ended', 'What you have sent since then was not taken'],
    ['sign-in-too-many', 'Wait 60 seconds'],
  ])('says on %s how long to wait and calls no field wrong', async (name, wait) => {
    await using opened = await open(name)
    const { page } = opened
    expect(await shown(page, '#problem')).toContain(wait)
    expect(await page.locator('[aria-invalid]').count()).toBe(0)
  })

  test.each([
    [
      'sign-in-last-free-try',
      'One more wrong password, and sign-in with this username is paused for 30 seconds.',
    ],
    ['sign-in-password-disabled', 'not accepted any more, not even the right one'],
    ['sign-in-account-disabled', 'This account is disabled'],
    ['sign-in-account-closed', 'This account is closed'],
    ['sign-in-account-unconfirmed', 'until its holder has confirmed'],
  ])('says on %s what holds, and gives the number to call', async (name, words) => {
    await using opened = await open(name)
    const problem = await shown(opened.page, '#problem')
    expect(problem).toContain(words)
    expect(problem).toContain('PACER Service Center')
    expect(problem).toContain('(800) 676-6856')
    expect(problem).not.toMatch(/Wait \d/)
  })

  test('shows the password on request, and hides it again before it is sent', async () => {
    await using opened = await open('sign-in')
    const { page } = opened
    await page.fill('#password', 'correct horse')
    await page.click('#show-password')
    expect(await page.getAttribute('#password', 'type')).toBe('text')
    expect(await shown(page, '#show-password')).toBe('Hide password')
    await page.evaluate(
      `document.getElementById('sign-in').addEventListener('submit', (event) => event.preventDefault())`,
    )
    await page.click('#sign-in-submit')
    expect(await page.getAttribute('#password', 'type')).toBe('password')
  })
})

describe('the notices', () => {
  test('take the redaction box by keyboard', async () => {
    await using opened = await open('redaction-notice')
    const { page } = opened
    expect(await page.locator('main a').count()).toBe(0)
    expect((await tabStops(page, 3)).at(-1)).toBe('acknowledged')
    await page.keyboard.press('Space')
    expect(await tabStops(page, 1)).toEqual(['redaction-submit'])
    await page.keyboard.press('Enter')
    await page.waitForURL('**/taken')
    expect(posted[0]?.form).toEqual({ csrf: 'csrf-token', acknowledged: 'yes' })
  })

  test('send an unticked redaction box on, for the server to refuse', async () => {
    await using opened = await open('redaction-notice')
    await opened.page.click('#redaction-submit')
    await opened.page.waitForURL('**/taken')
    expect(posted[0]?.form).toEqual({ csrf: 'csrf-token' })
  })

  test('lead from the redaction problem to its box', async () => {
    await using opened = await open('redaction-notice-must-check')
    const { page } = opened
    expect(await focused(page)).toBe('problem')
    await page.click('#problem a')
    expect(await focused(page)).toBe('acknowledged')
    expect(await page.getAttribute('#acknowledged', 'aria-invalid')).toBe('true')
  })

  test.each([
    ['legacy-notice', '#legacy-upgrade', '/taken', { do: 'upgrade' }],
    ['legacy-notice', '#legacy-continue', '/taken', { do: 'continue' }],
    ['shared-notice', '#legacy-continue', '/taken', { do: 'continue' }],
    ['legacy-notice', '#cancel-submit', '/cancelled', {}],
    ['not-live-notice', '#not-live-continue', '/taken', {}],
    ['consent', '#consent-allow', '/taken', {}],
    ['consent', '#consent-deny', '/cancelled', {}],
  ])('on %s the button %s posts to %s', async (name, button, path, more) => {
    await using opened = await open(name, { javaScriptEnabled: false })
    await opened.page.click(button)
    await opened.page.waitForURL(`**${path}`)
    expect(posted).toEqual([{ path, form: { csrf: 'csrf-token', ...more } }])
  })

  test('fold the courts of a vendor to a sentence on the question, too', async () => {
    await using opened = await open('consent-every-court', { javaScriptEnabled: false })
    const { page } = opened
    expect(await shown(page, 'h1')).toContain('Docket Filer')
    expect(await shown(page, '#consent-courts')).toBe('In 210 courts')
    await page.click('#consent-courts summary')
    expect(await page.locator('#consent-courts li:visible').count()).toBe(210)
  })

  test('say what happened when somebody did not allow it, and lead back', async () => {
    await using opened = await open('denied')
    const { page } = opened
    expect(await shown(page, 'main')).toContain('It is told only that you did not agree.')
    expect(await page.getAttribute('#go-back', 'href')).toBe('/cancelled')
  })

  test('name the court above the legacy notice, which offers no upgrade without a password', async () => {
    await using opened = await open('legacy-notice-signed-in-earlier')
    const { page } = opened
    expect(await shown(page, '#asked-by')).toContain('Western District of North Carolina')
    expect(await page.locator('#legacy-upgrade').count()).toBe(0)
    expect(await shown(page, 'main')).toContain('sign out and sign in again')
  })

  test('link to the login of a court that is not live, when it is an address of the web', async () => {
    await using known = await open('not-live-notice')
    expect(await known.page.getAttribute('#court-login', 'href')).toBe(
      'https://ecf.ncwd.uscourts.gov/cgi-bin/login.pl',
    )
    await using scripted = await open('not-live-notice-hostile')
    expect(await scripted.page.locator('#court-login').count()).toBe(0)
  })
})

describe('the way back', () => {
  test.each(['expired', 'error', 'signed-out'])('leads from %s to the court', async (name) => {
    await using opened = await open(name)
    expect(await opened.page.getAttribute('#way-back', 'href')).toBe(
      'https://ecf.ncwd.uscourts.gov/',
    )
    expect(await shown(opened.page, 'main')).toContain('Western District of North Carolina')
  })

  test.each(['expired', 'error', 'signed-out'])('leads from %s to the courts', async (name) => {
    await using opened = await open(`${name}-court-unknown`)
    expect(await opened.page.getAttribute('#way-back', 'href')).toBe('/courts')
  })

  test('shows a reference of eight characters to read out on the telephone', async () => {
    await using opened = await open('error')
    expect(await shown(opened.page, '#request-id')).toBe('4f6c1c2e')
  })

  test('offers to try again first where something is away, and no page that is away too', async () => {
    await using opened = await open('error')
    const links = opened.page.locator('main a:not([href^=tel])')
    expect(await links.evaluateAll((all) => all.map((one) => one.id))).toEqual([
      'try-again',
      'way-back',
    ])
    expect(await opened.page.getAttribute('#try-again', 'href')).toBe('/again?client=ncwd')
    await using alone = await open('error-sign-out')
    expect(await alone.page.locator('a[href="/courts"]').count()).toBe(0)
    await using elsewhere = await open('error-court-unknown')
    expect(await elsewhere.page.locator('footer a[href="/courts"]').count()).toBe(1)
  })
})

describe('signing out', () => {
  test('asks first, by a form without a script', async () => {
    await using opened = await open('sign-out', { javaScriptEnabled: false })
    await opened.page.click('#sign-out-confirm')
    await opened.page.waitForURL('**/taken')
    const form = { client_id: 'ncwd-cmecf', csrf: 'csrf-token' }
    expect(posted).toEqual([{ path: '/taken', form }])
  })

  test('who stays signed in follows a link, which can change nothing', async () => {
    await using opened = await open('sign-out', { javaScriptEnabled: false })
    expect(await opened.page.getAttribute('#sign-out-cancel', 'href')).toBe('/stay')
    expect(posted).toEqual([])
  })

  test('says where there was a mistake that nobody can be taken back', async () => {
    await using good = await open('sign-out')
    expect(await good.page.locator('#sign-out-problem').count()).toBe(0)
    await using bad = await open('sign-out-after-a-mistake')
    expect(await shown(bad.page, '#sign-out-problem')).toContain('You can sign out all the same.')
  })
})

describe('the account page', () => {
  test('says in words when the session ends', async () => {
    await using opened = await open('account', { javaScriptEnabled: false })
    const { page } = opened
    const words = await shown(page, 'section[aria-labelledby=session-heading]')
    expect(words).toMatch(
      /after 30 minutes without activity, and at \d+:\d\d [ap]\.m\. Eastern time/,
    )
    expect(await page.isVisible('#session-warning')).toBe(false)
  })

  test('keeps quiet while there is time', async () => {
    await using opened = await open('account')
    await opened.page.waitForTimeout(1200)
    expect(await opened.page.isVisible('#session-warning')).toBe(false)
  })

  test('warns before the end in a dialog that can be dismissed', async () => {
    await using opened = await open('account-ending')
    const { page } = opened
    await page.waitForSelector('#session-warning[open]')
    expect(await focused(page)).toBe('session-stay')
    expect(await shown(page, '#session-warning-time')).toMatch(/^1 minute \d+ seconds left$/)
    expect(await tabStops(page, 1)).toEqual(['session-sign-out'])
    await page.keyboard.press('Escape')
    await page.waitForTimeout(1200)
    expect(await page.isVisible('#session-warning')).toBe(false)
  })

  test('says when the session has ended', async () => {
    await using opened = await open('account-ended')
    const { page } = opened
    await page.getByRole('heading', { name: 'You have been signed out' }).waitFor()
    expect(await page.isVisible('#session-sign-out')).toBe(false)
    expect(await shown(page, '#session-stay')).toBe('Sign in again')
  })

  test('stays signed in without leaving a form that is half filled in', async () => {
    await using opened = await open('account-person-idle')
    const { page } = opened
    const stay = pageStates['account-stay']!(nonce)
    await page.route('**/account/stay-signed-in', (route) =>
      route.fulfill({ contentType: 'text/html', body: stay }),
    )
    await page.waitForSelector('#session-warning[open]')
    await page.keyboard.press('Escape')
    await page.fill('#phone', 'half a numb')
    await page.evaluate('document.getElementById("session-warning").showModal()')
    await page.click('#session-stay')
    await page.waitForSelector('#session-warning:not([open])', { state: 'attached' })
    expect(page.url()).toBe(`${origin}/account-person-idle`)
    expect(await page.inputValue('#phone')).toBe('half a numb')
  })

  test('signs in again beside a form, which is there after it', async () => {
    await using opened = await open('account-person-ended')
    const { page } = opened
    await page.getByRole('heading', { name: 'You have been signed out' }).waitFor()
    expect(await shown(page, '#session-warning-text')).toContain('What you typed is still here')
    const [beside] = await Promise.all([
      page.context().waitForEvent('page'),
      page.click('#session-stay'),
    ])
    expect(beside.url()).toMatch(/sign-in-again$|^about:blank$|^chrome-error/)
    expect(await page.isVisible('#session-warning')).toBe(false)
    expect(await page.inputValue('#phone')).toBe('(704) 350-7400')
  })

  test('signs out from the header and from the warning', async () => {
    for (const [name, button] of [
      ['account', '#sign-out-submit'],
      ['account-ending', '#session-sign-out'],
    ] as const) {
      await using opened = await open(name)
      await opened.page.click(button)
      await opened.page.waitForURL('**/taken')
      expect(posted).toEqual([{ path: '/taken', form: { csrf: 'csrf-token' } }])
    }
  })

  test('says each status in its own words', async () => {
    await using opened = await open('account')
    const labels = await opened.page.locator('.cso-status').allInnerTexts()
    expect(labels).toEqual([
      'Active',
      'Waiting for the court',
      'Suspended',
      'Lapsed',
      'Ended by the court',
      'Not linked',
      'Not on NextGen yet',
    ])
  })
})

describe('the page of a court that changes', () => {
  test('counts down to the second, and without JavaScript in days and hours', async () => {
    await using opened = await open('court-goes-live')
    expect(await shown(opened.page, '#countdown')).toMatch(
      /^5 days, 4 hours, [01] minutes?, \d+ seconds?$/,
    )
    expect(opened.complaints).toEqual([])
    await using plain = await open('court-goes-live', { javaScriptEnabled: false })
    expect(await shown(plain.page, '#countdown')).toBe('5 days and 4 hours')
  })
})

describe('the court directory', () => {
  test('groups and counts, and searches with a form that the address bar can hold', async () => {
    await using opened = await open('courts', { javaScriptEnabled: false })
    const { page } = opened
    expect(await shown(page, '#court-count')).toBe('6 courts')
    expect(await page.locator('main h2').allInnerTexts()).toEqual([
      'Courts of appeals (1)',
      'Bankruptcy appellate panels (1)',
      'District courts (2)',
      'Bankruptcy courts (1)',
      'National courts (1)',
    ])
    await page.fill('#q', 'western')
    await page.selectOption('#type', 'district')
    await page.click('#court-search-submit')
    await page.waitForURL('**/courts?q=western&type=district')
  })

  test('repeats what was searched for', async () => {
    await using opened = await open('courts-found')
    const { page } = opened
    expect(await page.inputValue('#q')).toBe('western')
    expect(await page.inputValue('#type')).toBe('district')
    expect(await shown(page, '#court-count')).toContain('1 court found')
    expect(await page.getAttribute('#court-ncwd a', 'href')).toBe('/courts/ncwd')
  })
})

describe('assets', () => {
  /** Sends the path as it is written: `fetch` would tidy it first. */
  async function ask(path: string, options: { method?: string; encoding?: string } = {}) {
    const { port } = server.address() as AddressInfo
    const sent = request({
      port,
      host: '127.0.0.1',
      path,
      method: options.method ?? 'GET',
      headers: options.encoding ? { 'accept-encoding': options.encoding } : {},
    }).end()
    const [response] = await once(sent, 'response')
    response.resume()
    await once(response, 'end')
    return { status: response.statusCode as number, headers: response.headers }
  }

  test('of the present version never change', async () => {
    const stylesheet = assetUrl('uswds', 'css/uswds.min.css')
    expect(stylesheet).toBe('/assets/uswds-3.14.0/css/uswds.min.css')
    for (const path of [stylesheet, assetUrl('cso', 'cso.css')]) {
      const { status, headers } = await ask(path)
      expect([status, headers['content-type']]).toEqual([200, 'text/css; charset=utf-8'])
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    }
  })

  test('under any other version are kept for a day', async () => {
    for (const path of ['/assets/uswds/img/us_flag_small.png', '/assets/cso-000/cso.css']) {
      const { status, headers } = await ask(path)
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=86400'])
    }
  })

  test('have the type that nosniff demands', async () => {
    const types = await Promise.all(
      [
        '/assets/cso/session-warning.js',
        '/assets/cso/emblem.svg',
        '/assets/uswds/fonts/source-sans-pro/sourcesanspro-bold-webfont.woff2',
        '/assets/uswds/img/us_flag_small.png',
      ].map(async (path) => (await ask(path)).headers['content-type']),
    )
    expect(types).toEqual([
      'text/javascript; charset=utf-8',
      'image/svg+xml',
      'font/woff2',
      'image/png',
    ])
  })

  test('send the large stylesheet compressed to browsers that take it', async () => {
    const path = assetUrl('uswds', 'css/uswds.min.css')
    const compressed = await ask(path, { encoding: 'gzip, br' })
    expect(compressed.headers['content-encoding']).toBe('gzip')
    expect(compressed.headers.vary).toBe('Accept-Encoding')
    expect(Number(compressed.headers['content-length'])).toBeLessThan(100_000)
    const plain = await ask(path)
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.headers.vary).toBe('Accept-Encoding')
    expect(Number(plain.headers['content-length'])).toBeGreaterThan(500_000)
  })

  test('answer HEAD without a body', async () => {
    const { status, headers } = await ask(assetUrl('cso', 'cso.css'), { method: 'HEAD' })
    expect([status, headers['content-type']]).toEqual([200, 'text/css; charset=utf-8'])
  })

  test.each([
    '/assets/uswds/../package.json',
    '/assets/uswds/css/../../package.json',
    '/assets/uswds/css/%2e%2e/%2e%2e/package.json',
    '/assets/uswds/css/..%2f..%2fpackage.json',
    '/assets/uswds/css/..\\..\\package.json',
    '/assets/uswds//etc/passwd',
    '/assets/uswds/css/uswds.min.css%00.css',
    '/assets/uswds/css/',
    '/assets/uswds/css',
    '/assets/uswds/img',
    '/assets/uswds/js/uswds.min.js',
    '/assets/uswds/css/uswds.min.css.map',
    '/assets/uswds/img/absent.svg',
    '/assets/cso/absent.css',
    '/assets/cso/../assets.ts',
    '/assets/cso/',
    '/assets/other/cso.css',
    '/assets/toString/cso.css',
  ])('do not include %s', async (path) => {
    const { status, headers } = await ask(path)
    expect([status, headers['cache-control']]).toEqual([404, undefined])
  })

  test('are only read', async () => {
    const { headers } = await ask(assetUrl('cso', 'cso.css'), { method: 'POST' })
    expect(headers['cache-control']).toBeUndefined()
  })
})
