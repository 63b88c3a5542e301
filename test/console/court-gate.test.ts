import { describe, expect } from 'vitest'
import { staffCourtPath } from '../../src/console/court/court-paths.ts'
import type { Engine } from '../../src/oidc/server.ts'
import { ownPages } from '../../src/own-pages.ts'
import { kit } from '../support/kit.ts'
import { carla, nora } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'
import { cleo, mona, openDesk } from '../support/staff.ts'

let engine: Engine

const test = kit()
  .override('people', [carla, nora, mona, cleo])
  .override('signOnOptions', {
    extend: (app) => {
      engine = app.engine
    },
  })
  .extend('ofNcwd', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, carla.username, onCleanup),
  )
  .extend('ofNcwb', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  .extend('clerkOfNcwb', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  .extend('ofNoCourt', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, nora.username, onCleanup),
  )

/** Every path of a court that the routers of our own pages know, with its methods. */
function courtRoutes({ config, services }: SignOn) {
  const pages = ownPages(config, services, engine, {} as Parameters<typeof ownPages>[3])
  return pages
    .flatMap(({ router }) => router?.stack ?? [])
    .map(({ path, methods }) => ({ path: String(path), methods }))
    .filter(({ path }) => path.startsWith(staffCourtPath(':court')))
}

/** The path at a court; whatever else it names is the same number. */
const pathAt = (path: string, court: string) =>
  path.replace(':court', court).replace(/:\w+/g, '7000001')

/** A page without what is new with each request. */
const timeless = (text: string) =>
  text.replace(/nonce="[^"]*"/g, '').replace(/id="request-id">[^<]*/, '')

describe('a path of a court', () => {
  test('is the page of no path, GET and POST, to whoever does not work there', async ({
    signOn,
    at,
    ofNcwd,
    ofNcwb,
    ofNoCourt,
  }) => {
    const routes = courtRoutes(signOn)
    expect(routes.map(({ path }) => path)).toContain(staffCourtPath(':court'))
    expect(routes.length).toBeGreaterThan(12)
    const strangers = [
      { who: 'a clerk of ncwd', browser: ofNcwd, courts: ['ncwb', 'zzzz', 'no_court'] },
      { who: 'the manager of ncwb', browser: ofNcwb, courts: ['ncwd', 'zzzz'] },
      { who: 'nobody of staff', browser: ofNoCourt, courts: ['ncwb', 'zzzz'] },
    ]
    for (const { who, browser, courts } of strangers) {
      const noPath = timeless((await browser.get(at('/staff/no-such-page'))).text)
      expect(noPath).toContain('<h1')
      for (const court of courts) {
        const asked = routes.flatMap(({ path, methods }) =>
          methods
            .filter((method) => method !== 'HEAD')
            .map((method) => ({ method, address: at(pathAt(path, court)) })),
        )
        const answers = await Promise.all(
          asked.map(async ({ method, address }) => {
            const { status, text } =
              method === 'POST'
                ? await browser.post(address, { csrf: 'none', version: '0', act: 'save' })
                : await browser.send(method, address)
            return [who, method, address, status, timeless(text) === noPath]
          }),
        )
        expect(answers).toEqual(
          asked.map(({ method, address }) => [who, method, address, 404, true]),
        )
      }
    }
  })

  test('opens to the people of that court, and a manager’s page to its manager', async ({
    signOn,
    at,
    ofNcwb,
    clerkOfNcwb,
  }) => {
    const home = await ofNcwb.get(at(staffCourtPath('ncwb')))
    expect(home.status).toBe(200)
    expect(home.text).toContain('Western District of North Carolina')
    const unparametrised = courtRoutes(signOn).filter(
      ({ path, methods }) => methods.includes('GET') && path.split(':').length === 2,
    )
    // 409: a step of its go-live that the court, which is live, cannot take now.
    const opens = (status: number) => status === 200 || status === 409
    for (const { path } of unparametrised) {
      const { status } = await ofNcwb.get(at(pathAt(path, 'ncwb')))
      expect([path, status, opens(status)]).toEqual([path, status, true])
    }
    const statuses = new Set<number>()
    for (const { path } of unparametrised) {
      const answer = await clerkOfNcwb.get(at(pathAt(path, 'ncwb')))
      statuses.add(answer.status)
      if (answer.status === 403) expect(answer.text).toContain('for the manager of this court')
    }
    expect([...statuses].every((status) => opens(status) || status === 403)).toBe(true)
    expect(statuses.has(403)).toBe(true)
  })

  test('closes at the moment in which the role is taken away', async ({
    signOn,
    at,
    clerkOfNcwb,
  }) => {
    expect((await clerkOfNcwb.get(at(staffCourtPath('ncwb')))).status).toBe(200)
    await signOn.apply({ accounts: [{ number: cleo.number, staff_roles: [] }] })
    expect((await clerkOfNcwb.get(at(staffCourtPath('ncwb')))).status).toBe(404)
    await signOn.apply({ accounts: [{ number: cleo.number, staff_roles: cleo.staff_roles }] })
    expect((await clerkOfNcwb.get(at(staffCourtPath('ncwb')))).status).toBe(200)
  })
})
