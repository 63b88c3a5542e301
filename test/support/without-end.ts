import { Client } from 'pg'
import { expect } from 'vitest'
import type { HttpResponse } from './http-client.ts'
import type { SignOn } from './sign-on.ts'

/**
 * Gives the last answer of an interaction while no session can be written: what was said is kept, and
 * the end, which comes with the last answer otherwise, is still to come.
 */
export async function answerWithoutEnd(
  signOn: SignOn,
  answer: () => Promise<HttpResponse>,
): Promise<void> {
  const side = new Client({ connectionString: signOn.config.database.url })
  await side.connect()
  await side.query('BEGIN; LOCK TABLE sessions IN EXCLUSIVE MODE')
  try {
    const failed = await answer()
    expect(failed.status).toBe(503)
    expect(failed.setCookies.join()).not.toContain('session')
    expect(failed.location).toBeUndefined()
  } finally {
    await side.query('ROLLBACK')
    await side.end()
  }
}

/** Where the interaction of a page comes to its end, for whoever did not get there with the last answer. */
export function endOf(page: HttpResponse): string {
  return page.url.replace('/sign-in/', '/oidc/auth/')
}
