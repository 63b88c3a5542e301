import { expect } from 'vitest'
import { listAudited } from '../support/audited.ts'
import { getPasswordForm, type TestCourt } from '../support/court.ts'
import type { HttpClient } from '../support/http-client.ts'
import { nora } from '../support/people.ts'
import type { SignOn } from '../support/sign-on.ts'

/** The address in the newest audit row of a right password. */
export async function auditedAddress(on: SignOn): Promise<string | null | undefined> {
  return (await listAudited(on.services.db, 'account.password-accepted')).at(-1)?.ip
}

/** Signs Nora in while every request carries these headers, as from a browser behind other proxies. */
export async function signInWith(
  browser: HttpClient,
  on: SignOn,
  court: TestCourt,
  headers: Record<string, string>,
): Promise<void> {
  // The browser is signed in already, by the time before.
  const { url } = await court.authorize({ prompt: 'login' })
  const page = await browser.followWhile(
    await browser.get(url, headers),
    (to) => to.origin === on.issuer,
  )
  const form = getPasswordForm(page)
  const answer = await browser.post(
    form.action,
    { ...form.fields, username: nora.username, password: nora.password },
    headers,
  )
  expect(answer.status, 'the sign-in is taken').toBeLessThan(400)
}
