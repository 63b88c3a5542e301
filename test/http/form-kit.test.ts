import { createSecretKey, randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { csrfToken } from '../../src/http/csrf.ts'
import {
  type FormOf,
  type Posted,
  problemOf,
  readFields,
  requiredSecret,
  requiredText,
  respond,
  seeOther,
  takeForm,
} from '../../src/http/form-kit.ts'
import { loadTemplates, renderShell } from '../../src/http/page-shell.ts'
import type { Fields } from '../../src/http/read-form.ts'
import { requestContext } from '../../src/http/request-context.ts'
import { createLog } from '../../src/log.ts'
import type { Problem } from '../../src/problem.ts'
import { createHttpClient, type HttpClient } from '../support/http-client.ts'

const key = createSecretKey(randomBytes(32))
const render = loadTemplates()

const letter = {
  name: 'letter',
  page: '/letter',
  schema: z.object({
    name: requiredText('Enter your name'),
    email: z
      .string({ error: 'Enter your e-mail address' })
      .trim()
      .pipe(z.email('Enter an e-mail address like name@example.com')),
    password: requiredSecret('Enter your password'),
    text: z.string().optional(),
  }),
  keeps: ['name', 'email', 'text'],
  secrets: ['password'],
} satisfies FormOf<z.ZodType>

function letterPage(typed: Fields, problems: readonly Problem[] = []): string {
  const field = (name: string, label: string, more: object = {}) =>
    render('text-field', {
      field: { name, label, value: typed[name], problem: problemOf(problems, name), ...more },
    })
  const summary =
    problems.length > 0
      ? render('problem-summary', { summary: { heading: 'Check the form', problems } })
      : ''
  return renderShell({
    title: 'A letter',
    body: `<h1>A letter</h1>${summary}<form method="post" action="/letter" id="letter">
      <input type="hidden" name="csrf" value="${csrfToken(key, 'visit', letter.name)}">
      ${field('name', 'Name')}${field('email', 'E-mail', { hint: 'We write there' })}
      ${field('password', 'Password', { type: 'password' })}
      ${render('text-area-field', { field: { name: 'text', label: 'Text', value: typed['text'] } })}
      <button type="submit" id="send">Send</button></form>`,
  })
}

let server: Server
let issuer: string
let browser: HttpClient
const taken: unknown[] = []

beforeAll(async () => {
  const app = new Koa()
  app.use(requestContext({ trustedProxies: [], log: createLog('silent') }))
  app.use(async (ctx) => {
    if (ctx.method === 'GET') return respond(ctx, 200, letterPage({}))
    const fields = await readFields(ctx, ctx.path === '/long-letter' ? ['text'] : undefined)
    if (!fields) return
    const posted: Posted<z.output<typeof letter.schema>> | undefined = await takeForm(
      ctx,
      letter,
      { key, issuer, visit: 'visit' },
      fields,
    )
    if (!posted) return
    if (!posted.ok) return respond(ctx, 422, letterPage(posted.typed, posted.problems))
    taken.push(posted.value)
    seeOther(ctx, '/letter')
  })
  server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  taken.length = 0
  browser = createHttpClient()
})
afterEach(() => browser.stop())

const open = () => browser.get(`${issuer}/letter`)
const good = { name: '  Jane Doe ', email: 'jane@example.com', password: ' with a blank ' }

describe('a form', () => {
  test('gives its values, a password as it was typed', async () => {
    const answer = await browser.submit((await open()).form('letter'), good)
    expect([answer.status, answer.location]).toEqual([303, `${issuer}/letter`])
    expect(taken).toEqual([
      { name: 'Jane Doe', email: 'jane@example.com', password: ' with a blank ', text: '' },
    ])
  })

  test('with mistakes comes back with what was typed, and never with a password', async () => {
    const answer = await browser.submit((await open()).form('letter'), {
      name: 'Jane "JD" Doe',
      email: 'jane at home',
      password: 'not shown again',
    })
    expect(answer.status).toBe(422)
    expect(answer.form('letter').fields).toMatchObject({
      name: 'Jane "JD" Doe',
      email: 'jane at home',
      password: '',
    })
    expect(answer.text).not.toContain('not shown again')
    expect(taken).toEqual([])
  })

  test('names its problems in a summary, in the order of the fields, each leading to its own', async () => {
    const answer = await browser.submit((await open()).form('letter'), {
      name: ' ',
      email: 'x',
      password: 'right',
    })
    const links = [...answer.text.matchAll(/<li><a href="#(\w+)">([^<]*)</g)]
    expect(links.map(([, field, words]) => [field, words])).toEqual([
      ['name', 'Enter your name'],
      ['email', 'Enter an e-mail address like name@example.com'],
      // It is not shown again, so that it has to be typed once more.
      ['password', 'Enter your password'],
    ])
    expect(answer.text).toMatch(/id="problem" role="alert"[^>]* tabindex="-1" autofocus/)
    expect(answer.text).toMatch(
      /id="email"[^>]* aria-describedby="email-hint email-error" aria-invalid="true"/,
    )
    expect(answer.text).toContain('id="email-error">Enter an e-mail address like')
  })

  test('of an earlier sign-in is shown again with what was typed, and nothing is done with it', async () => {
    const form = (await open()).form('letter')
    const answer = await browser.submit(form, { ...good, csrf: 'of-before' })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('You have signed in since this page was opened.')
    expect(answer.form('letter').fields['name']).toBe(good.name)
    const again = await browser.submit(answer.form('letter'), { password: good.password })
    expect(again.status).toBe(303)
    expect(taken).toHaveLength(1)
  })

  test.each([
    ['another website', { 'sec-fetch-site': 'cross-site' }],
    ['another origin', { origin: 'https://elsewhere.example' }],
  ])('of %s is refused, whatever it carries', async (_, headers) => {
    const { fields } = (await open()).form('letter')
    const answer = await browser.post(`${issuer}/letter`, { ...fields, ...good }, headers)
    expect(answer.status).toBe(403)
    expect(answer.text).not.toContain('Jane Doe')
    expect(taken).toEqual([])
  })

  test.each([
    ['too long', 413, `name=${'x'.repeat(9000)}`],
    ['a field too long', 400, `name=${'x'.repeat(1025)}`],
    ['a field twice', 400, 'name=a&name=b'],
    ['a control character', 400, 'name=a%00b'],
  ])('that has %s is not read', async (_, status, body) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await browser.post(`${issuer}/letter`, body, headers)).status).toBe(status)
  })

  test('takes several lines where the form says so, however their ends are sent, and as long', async () => {
    const { fields, action } = (await open()).form('letter')
    const long = action.replace('/letter', '/long-letter')
    const headers = { origin: new URL(action).origin, 'sec-fetch-site': 'same-origin' }
    const send = (to: string, text: string) =>
      browser.post(to, { ...fields, ...good, text }, headers)
    expect((await send(long, 'One\r\nTwo\rThree\tdeep')).status).toBe(303)
    expect(taken.at(-1)).toMatchObject({ text: 'One\nTwo\nThree deep' })
    expect((await send(long, 'é'.repeat(6000))).status).toBe(303)
    expect((await send(long, 'é'.repeat(6200))).status).toBe(400)
    expect((await send(long, 'x'.repeat(50_000))).status).toBe(413)
    expect((await send(long, 'a\u0000b')).status).toBe(400)
    expect((await send(action, 'One\r\nTwo')).status).toBe(400)
  })

  test('shows several lines again as they were typed', async () => {
    const { fields, action } = (await open()).form('letter')
    const headers = { origin: new URL(action).origin, 'sec-fetch-site': 'same-origin' }
    const sent = { ...fields, ...good, name: '', text: '\nOne\n </textarea><b>Two' }
    const answer = await browser.post(action.replace('/letter', '/long-letter'), sent, headers)
    expect(answer.status).toBe(422)
    expect(answer.form('letter').fields['text']).toBe('\nOne\n </textarea><b>Two')
  })
})
