import { findPasswordForm, newBrowser, sendPassword } from './court.ts'
import type { HttpClient, HttpResponse } from './http-client.ts'
import { nora, password } from './people.ts'
import type { SignOn } from './sign-on.ts'

/** Works at the PACER Service Center. */
export const sam = {
  ...nora,
  number: '7300001',
  username: 'sam-of-support',
  given_name: 'Sam',
  family_name: 'Support',
  email: 'sam@example.com',
  email_verified: true,
  staff_roles: [{ role: 'support' }],
}

/** Manages the pages of ncwb. */
export const mona = {
  ...sam,
  number: '7300011',
  username: 'mona-the-manager',
  given_name: 'Mona',
  family_name: 'Manager',
  email: 'mona@example.com',
  staff_roles: [{ role: 'court-manager', court: 'ncwb' }],
}

/** Manages them, too. */
export const max = {
  ...mona,
  number: '7300012',
  username: 'max-the-manager',
  given_name: 'Max',
  email: 'max@example.com',
}

/** Works in the clerk's office of ncwb. */
export const cleo = {
  ...mona,
  number: '7300013',
  username: 'cleo-the-clerk',
  given_name: 'Cleo',
  family_name: 'Clerk',
  email: 'cleo@example.com',
  staff_roles: [{ role: 'clerk', court: 'ncwb' }],
}

/** Works there, too. */
export const sue = {
  ...sam,
  number: '7300004',
  username: 'sue-of-support',
  given_name: 'Sue',
  email: 'sue@example.com',
}

/** Opens a page of ours as somebody, who signs in on the way where nobody is signed in. */
export async function openAs(
  { issuer }: SignOn,
  browser: HttpClient,
  username: string,
  path: string,
): Promise<HttpResponse> {
  const isOurs = (to: URL) => to.origin === issuer
  const asked = await browser.followWhile(await browser.get(`${issuer}${path}`), isOurs)
  if (!findPasswordForm(asked)) return asked
  const sent = await sendPassword(browser, asked, username, password)
  return browser.followWhile(sent, isOurs)
}

/** A browser in which somebody of staff is signed in, for a whole file: a sign-in takes its time. */
export async function openDesk(
  signOn: SignOn,
  username: string,
  onCleanup: (close: () => Promise<void>) => void,
): Promise<HttpClient> {
  const browser = newBrowser()
  onCleanup(() => browser.stop())
  await openAs(signOn, browser, username, '/staff')
  return browser
}
