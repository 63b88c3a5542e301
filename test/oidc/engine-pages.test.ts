import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'vitest'
import { createApp } from '../../src/app.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { send } from './raw-requests.ts'

/**
 * The engine renders pages past every setting (the one that ends the session of whoever comes without
 * one is the simplest). Every way there is closed; here one is opened again behind our own routes.
 */

const test = kit()
  .override('people', [nora])
  .extend('ncwd', { scope: 'file' }, ({ court }) => court('ncwd'))
  /** The address of the same server where the engine's own pages can be reached. */
  .extend('planted', { scope: 'file' }, async ({ signOn }, { onCleanup }) => {
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
    const server = createServer(application.callback())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onCleanup(() => {
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  .extend(
    'open',
    { scope: 'file' },
    ({ planted, signOn }) =>
      (path: string, accept = 'text/html,*/*;q=0.8') =>
        send(`${planted}${path}`, { headers: { accept, host: new URL(signOn.issuer).host } }),
  )
  .extend(
    'faults',
    { scope: 'file' },
    ({ signOn }) =>
      () =>
        signOn.logLines.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error'),
  )

test.beforeEach(async ({ signOn }) => {
  signOn.logLines.splice(0)
})

test('a page of the engine is a fault of ours: our page is sent, and the log has one line', async ({
  open,
  faults,
}) => {
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

test('so is whatever a browser would take for a page', async ({ open, faults }) => {
  expect((await open('/oidc/text')).text).not.toContain('nobody we know')
  expect(faults()).toHaveLength(1)
})

test('a program is told in its own way', async ({ open }) => {
  const answer = await open('/oidc/planted', 'application/json')
  expect(answer.status).toBe(500)
  expect(answer.body).toMatchObject({ error: 'temporarily_unavailable' })
})

test('our own pages, redirects and answers to programs pass', async ({ ncwd, open, faults }) => {
  const { url } = await ncwd.authorize()
  const { pathname, search } = new URL(url)
  expect((await open(`${pathname}${search}`)).headers['location']).toContain('/sign-in/')
  const failed = await ncwd.authorize({ response_mode: 'form_post', prompt: 'none' })
  const form = await open(new URL(failed.url).pathname + new URL(failed.url).search)
  expect(form.text).toContain('id="go-on-submit"')
  const refused = await open('/oidc/auth?client_id=nobody')
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('not set up for sign-in')
  expect((await open('/oidc/jwks')).status).toBe(200)
  expect(faults()).toHaveLength(0)
})
