import type { KeyObject } from 'node:crypto'
import { paths } from '../paths.ts'
import { csrfToken } from './csrf.ts'

/** The form in the header of our own pages, which ends the session. */
export const signOutForm = 'sign-out'

/** What the page shell needs of it. @param visit the stored uid of the session that it ends. */
export function signOutFormOf(key: KeyObject, visit: string) {
  return { signOutAction: paths.accountSignOut, csrf: csrfToken(key, visit, signOutForm) }
}
