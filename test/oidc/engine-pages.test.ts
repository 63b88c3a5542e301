import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { createCourt, type TestCourt } from '../support/court.ts'
import { nora } from '../support/people.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'
import { send } from './raw-requests.ts'

/**
 * The engine renders pages past every setting (the one that ends the session of whoever comes without
 * one is the simplest). Every way there is closed; here one is opened again behind our own routes.
 */
let signOn: SignOn
let court: TestCourt
let server: Server
let planted: string

beforeAll(async () => {
  signOn = await startSignOn()
  await signOn.apply({ accounts: [nora] })
  court = await createCourt(signOn, 'ncwd')
  const { application } = createApp(signOn.config, signOn.services)
  application.use(async (ctx, next) => {
    const { path } = ctx
    if (path === '/oidc/text') {
      ctx.body = '<p>rendered by nobody we know'
      return
    }
    if (path === '/oidc/planted') ctx.path = '/oidc/session/end'
    await next()
    ctx.path = path
  })
  server = createServer(application.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  planted = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await signOn.stop()
})
beforeEach(() => {
  signOn.logLines.splice(0)
})

const open = (path: string, accept = 'text/html,*/*;q=0.8') =>
  send(`${planted}${path}`, { headers: { accept, host: new URL(signOn.issuer).host } })
const faults = () =>
  signOn.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error')

test('a page of the engine is a fault of ours: our page is sent, and the log has one line', async () => {
  const page = await open('/oidc/planted')
  expect(page.status).toBe(500)
  expect(page.text).not.toContain('Submitting Callback')
  expect(page.text).toContain('Something went wrong on our side')
  expect(page.text).toContain('id="request-id"')
  expect(faults()).toHaveLength(1)
  expect(JSON.stringify(faults())).toContain(
    'the engine rendered a page of its own (route: end_session)',
  )
})

test('so is whatever a browser would take for a page', async () => {
  expect((await open('/oidc/text')).text).not.toContain('nobody we know')
  expect(faults()).toHaveLength(1)
})

test('a program is told in its own way', async () => {
  const answer = await open('/oidc/planted', 'application/json')
  expect(answer.status).toBe(500)
  expect(answer.body).toMatchObject({ error: 'temporarily_unavailable' })
})

test('our own pages, redirects and answers to programs pass', async () => {
  const { url } = await court.authorize()
  const { pathname, search } = new URL(url)
  expect((await open(`${pathname}${search}`)).headers['location']).toContain('/sign-in/')
  const failed = await court.authorize({ response_mode: 'form_post', prompt: 'none' })
  const form = await open(new URL(failed.url).pathname + new URL(failed.url).search)
  expect(form.text).toContain('id="go-on-submit"')
  const refused = await open('/oidc/auth?client_id=nobody')
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('not set up for sign-in')
  expect((await open('/oidc/jwks')).status).toBe(200)
  expect(faults()).toHaveLength(0)
})
