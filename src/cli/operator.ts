import { userInfo } from 'node:os'
import { type By, byOperator } from '../audit/by.ts'
import { type Outcome, ok, refused } from '../outcome.ts'

/**
 * Who works at the command line, for the audit: the one that is named, else whoever used sudo, else
 * the user of the operating system. Nobody is asked for proof: whoever can start a command here has
 * the keys and the database anyhow.
 */
export function operatorOf(
  named: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Outcome<By, 'not-a-name'> {
  const name = named ?? (environment['SUDO_USER'] || systemUser())
  return /^[A-Za-z0-9._@-]{1,64}$/.test(name) ? ok(byOperator(name)) : refused('not-a-name')
}

/** A container may run as a number that has no name. */
function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
