import { paths } from '../../paths.ts'

/** An account as the PACER Service Center sees it, by its number. */
export function supportAccountPath(number: string): string {
  return `${paths.support}/accounts/${number}`
}

/** What support does with an account: a form of its own for each act. */
export function supportActPath(number: string, act: string): string {
  return `${supportAccountPath(number)}/act/${act}`
}

/** What a caller says is the date of birth is compared here with the one on file. */
export function supportBirthDatePath(number: string): string {
  return `${supportAccountPath(number)}/birth-date`
}

export function supportBirthDateCorrectionPath(number: string): string {
  return `${supportBirthDatePath(number)}/correct`
}

/** Another address for somebody who lost the mailbox: proposed, and decided by a second person. */
export function supportAddressPath(number: string): string {
  return `${supportAccountPath(number)}/address`
}

export function supportAddressDecisionPath(number: string): string {
  return `${supportAddressPath(number)}/decision`
}
