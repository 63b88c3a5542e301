import { ownPrompt, type StoppedAt } from '../interaction.ts'
import { changePasswordStep } from './change-password.ts'
import { consent } from './consent.ts'
import { filingClosedNotice } from './filing-closed-notice.ts'
import { legacyNotice } from './legacy-notice.ts'
import { linkAccountStep } from './link-account.ts'
import { notLiveNotice } from './not-live-notice.ts'
import { password } from './password.ts'
import { redactionNotice } from './redaction-notice.ts'
import { rulesOfUse } from './rules-of-use.ts'
import { selectAccount } from './select-account.ts'
import { isOwnStep, type Step } from './step.ts'
import { upgradeAddress } from './upgrade-address.ts'
import { upgradeEmail } from './upgrade-email.ts'
import { upgradePerson } from './upgrade-person.ts'
import { upgradeSecurity } from './upgrade-security.ts'

/** What can stand between a court's request and its answer, in this order. */
export const steps: readonly Step[] = [
  // Before a password is asked for: whose?
  selectAccount,
  // Everything below is about a person, so that the person comes first.
  password,
  // Whoever else may know the password gets no further with it.
  changePasswordStep,
  // What holds for every account, before what this one is good for.
  rulesOfUse,
  // What the account is good for at all, before what it is good for at this court.
  legacyNotice,
  // Chosen there; each stores what it asks, and after the last one the account is another one.
  upgradeEmail,
  upgradePerson,
  upgradeAddress,
  upgradeSecurity,
  // While a court changes over nobody files there, through us or otherwise.
  filingClosedNotice,
  // A court that is not live takes no filings through us, whatever the rights are.
  notLiveNotice,
  // What may be filed with: before the duty that comes with it.
  linkAccountStep,
  // The duty that comes with the right to file, once it is clear that there is one.
  redactionNotice,
  // Last, since it gives something away: whoever gives up before has given nothing.
  consent,
]

/** Whether a step answers this prompt of the engine; an interaction that stands at another one is a fault. */
export function isAnswered(prompt: string): prompt is StoppedAt {
  return steps.some((step) => (isOwnStep(step) ? ownPrompt : step.answers) === prompt)
}
