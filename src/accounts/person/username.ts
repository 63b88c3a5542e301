import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, wrong } from '../../problem.ts'
import { type CanonicalUsername, checkUsername, type UsernameProblem } from '../username.ts'

export type ChosenUsername = {
  /** As it was typed. */
  readonly username: string
  readonly usernameCanonical: CanonicalUsername
}

const words: Readonly<Record<UsernameProblem, string>> = {
  'too-short': 'Choose a longer username: at least 8 characters',
  'too-long': 'Choose a shorter username: at most 64 characters',
  'forbidden-character':
    'Choose a username of letters without accents, digits and . _ - only, without spaces',
  'not-legacy-length': 'Choose a longer username: at least 8 characters',
}

/** Who would be taken for the courts or for PACER by it. Mail providers keep the like (RFC 2142). */
const kept =
  /^(?:administrator|helpdesk|hostmaster|pacer|cm-?ecf|postmaster|security|support|uscourts|us-courts|webmaster)(?:[._@\d-]|$)/

/** What somebody is told whose username is, or once was, another account's. */
export const usernameTaken = 'Choose another username: this one is taken'

/** What somebody is told who had that username before. */
export const usernameHadBefore =
  'Choose another username: you had this one before, and an old one is not given again'

/**
 * The field `username`. An e-mail address is taken only where it is the confirmed one: another would be
 * somebody else's name for ever.
 */
export function readUsername(fields: Fields, confirmedEmail: string): Checked<ChosenUsername> {
  const username = (fields['username'] ?? '').trim()
  if (username === '') return wrong('username', 'Choose a username')
  const checked = checkUsername(username, { isUpgraded: true })
  if (!checked.ok) return wrong('username', words[checked.reason])
  if (username.includes('@') && username.toLowerCase() !== confirmedEmail.toLowerCase()) {
    const or = confirmedEmail ? `, or take ${confirmedEmail}` : ''
    return wrong('username', `Choose a username without @${or}`)
  }
  if (!/[a-z]/i.test(username)) {
    return wrong('username', 'Choose a username with a letter in it, not of digits and signs alone')
  }
  if (kept.test(checked.value)) {
    return wrong('username', 'Choose another username: this one sounds like PACER or the courts')
  }
  return ok({ username, usernameCanonical: checked.value })
}
