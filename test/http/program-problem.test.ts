import { describe, expect } from 'vitest'
import { kit } from '../support/kit.ts'

const test = kit()

describe('what went wrong is told to a program', () => {
  test('in one shape, with the id by which the log finds it', async ({ browser, at }) => {
    const answer = await browser.get(at('/courts/nowhere1'), { accept: 'application/json' })
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect([answer.status, answer.json()]).toEqual([
      404,
      {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        request_id: answer.headers['x-request-id'],
      },
    ])
  })

  test('in that shape, too, where it asks for nothing else', async ({ browser, at }) => {
    const answer = await browser.post(at('/Courts/'), {}, { accept: 'application/problem+json' })
    expect(answer.json()).toMatchObject({
      status: 404,
      detail: 'the path is /courts, spelled exactly so',
    })
  })

  test.for([
    ['GET', '/oidc/token', 405, 'only POST is accepted here'],
    ['POST', '/oidc/Token', 404, 'the path is /oidc/token, spelled exactly so'],
    ['GET', '/oidc/nowhere', 404, undefined],
  ] as const)(
    'in the protocol’s own at %s %s, with the same id',
    async ([method, path, status, description], { browser, at }) => {
      const answer = await browser.send(method, at(path), { accept: 'application/json' })
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
      expect([answer.status, answer.json()]).toEqual([
        status,
        {
          error: 'invalid_request',
          ...(description && { error_description: description }),
          request_id: answer.headers['x-request-id'],
        },
      ])
    },
  )
})
