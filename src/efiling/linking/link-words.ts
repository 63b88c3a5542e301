import type { AccountFacts } from '../../accounts/account.ts'
import { stateWords } from '../../accounts/state-words.ts'
import { type Court, courtLoginAddress } from '../../courts/court.ts'
import { type GoLive, goLiveDayText } from '../../courts/go-live.ts'
import { helpLine } from '../../help-line.ts'
import { courtPath, paths } from '../../paths.ts'
import type { Problem } from '../../problem.ts'
import { inWords } from '../../time-in-words.ts'
import { accountLimits, statusWords } from '../standing-words.ts'
import type { LinkingRefusal } from './link-account.ts'
import type { OldAccountBar, OldLoginRefusal } from './prove-old-login.ts'

/** Why nothing is linked, and the next step. */
export type LinkRefusalInWords = {
  readonly heading: string
  readonly text: string
  readonly next?: { readonly url: string; readonly label: string } | undefined
}

type RefusingCourt = GoLive & Pick<Court, 'id' | 'cmecfHost' | 'loginUrl'>
type RefusedPerson = Pick<AccountFacts, 'type' | 'isUpgraded' | 'state' | 'held'>

/** Of a court that has given no list of old accounts: linking happens at the court. */
export type NoOldAccounts = { readonly reason: 'no-old-accounts' }

const askClerk = 'Ask the clerk of this court: the telephone numbers stand on this page.'

/** Every reason for which nothing can be linked with this account at this court. */
export function linkRefusalInWords(
  refusal: LinkingRefusal | NoOldAccounts,
  court: RefusingCourt,
  person: RefusedPerson,
): LinkRefusalInWords {
  const reachCourt = { url: courtPath(court.id), label: 'How to reach the clerk of this court' }
  switch (refusal.reason) {
    case 'no-rights':
      return refusal.kind === 'legacy'
        ? {
            heading: 'Upgrade your account first',
            text: accountLimits.legacy,
            next: { url: paths.accountUpgrade, label: 'Sign in again to upgrade' },
          }
        : {
            heading: 'This account cannot be linked',
            text: refusal.kind === 'firm' ? accountLimits.firm : accountLimits.shared,
          }
    case 'held': {
      const { headline, meaning, help } = stateWords(person)
      return {
        heading: 'Not while your account is on hold',
        text: `${headline}. ${meaning}${help ? ` ${help}, ${helpLine.phone}.` : ''}`,
      }
    }
    case 'not-live': {
      const day = goLiveDayText(court)
      return {
        heading: day ? `Not before ${day}` : 'This court is not on NextGen yet',
        text: `${day ? `This court moves to NextGen CM/ECF on ${day}. From that moment on you can link here, and not before.` : 'It has not said yet when it moves to NextGen CM/ECF.'} Until then, file there with the login that this court gave you.`,
        next: { url: courtLoginAddress(court), label: 'Open this court’s own login' },
      }
    }
    case 'linked-already':
      return {
        heading: 'Your account is linked here',
        text: 'One PACER account has one filing account at a court. Whoever has two there needs a second PACER account for the other one; the clerk of this court can say which one belongs where.',
        next: reachCourt,
      }
    case 'has-right':
      return refusal.state === 'active'
        ? {
            heading: 'You have a right at this court already',
            text: `There is nothing to link: the court has given you a right with this PACER account. If your old filing account is to be put together with it: ${askClerk}`,
            next: reachCourt,
          }
        : {
            heading:
              refusal.state === 'given-up' || refusal.state === 'none'
                ? 'The court decides'
                : `${statusWords[refusal.state].label}: the court decides`,
            text: `The court has decided about your right here since the old system, and an old filing account does not change that. ${askClerk}`,
            next: reachCourt,
          }
    case 'linking-closed':
      return {
        heading: 'Linking with the old password has ended',
        text: `This court takes the old username and password no more. The clerk can still link your old filing account. ${askClerk}`,
        next: reachCourt,
      }
    case 'no-old-accounts':
      return {
        heading: 'This court links on its own pages',
        text: 'Sign in at the court with your PACER account, open “Utilities”, choose “Link a CM/ECF account to my PACER account”, and enter your old username and password there.',
        next: reachCourt,
      }
    case 'imported-taken':
      return {
        heading: 'This filing account is linked already',
        text: `It belongs to a PACER account. If you linked it with another account of your own, sign in with that one. If not: ${askClerk}`,
        next: reachCourt,
      }
    case 'imported-inactive':
      return {
        heading: 'The old system says that this filing account is not in use',
        text: `Such an account is not linked. You can ask the court for the right to file, or for an explanation. ${askClerk}`,
        next: {
          url: `${paths.accountCourts}/${court.id}`,
          label: 'Ask this court for the right to file',
        },
      }
    case 'was-linked':
      return {
        heading: 'The clerk links this filing account',
        text: `It was linked once, and the link was undone: the clerk of this court decides whose it is. ${askClerk}`,
        next: reachCourt,
      }
    case 'names-differ':
      return {
        heading: 'Two different names',
        text: 'Look at both names once more. If both are you, say so; if not, do not link.',
      }
    case 'not-own':
      return {
        heading: 'A colleague at the court links your account',
        text: `You work for this court, or are known to us as somebody who does: nobody there decides about oneself. ${askClerk}`,
        next: reachCourt,
      }
    case 'unknown':
    case 'not-yours':
      return { heading: 'Nothing was linked', text: askClerk, next: reachCourt }
  }
}

/** Why an old login was not taken, for the summary above the form. */
export function oldLoginProblem(refusal: Exclude<OldLoginRefusal, { reason: OldAccountBar }>): {
  readonly heading: string
  readonly text: string
  readonly problems?: readonly Problem[]
} {
  switch (refusal.reason) {
    case 'own-password':
      return {
        heading: 'That is the password of your PACER account',
        text: 'Nothing was counted. Type the password that you used in the old filing system of this court. It is another one, even if you have not used it for a long time.',
        problems: [{ path: ['oldPassword'], message: 'Enter the old password of this court' }],
      }
    case 'court-silent':
      return {
        heading: 'The system of the court does not answer',
        text: 'It is the one that checks the old password, and nothing was counted. Try again in a few minutes, or ask the clerk of this court.',
      }
    case 'wrong':
      return {
        heading: 'The username and password were not found together',
        text: 'Either of them may be wrong: both are those of the old filing system of this court, and not of PACER. An account that is linked already is not found, either. You have three tries an hour. If you do not know them any more, the clerk of this court links the account for you.',
        problems: [{ path: ['login'], message: 'Check the old username and its password' }],
      }
    case 'too-many':
      return {
        heading:
          refusal.of === 'account'
            ? 'That was tried too often'
            : 'This username was tried too often today',
        text: `Nothing was looked at. Wait ${inWords(refusal.retryAfterSeconds)}, or ask the clerk of this court, who can link the account at any time: the telephone numbers stand on this page.`,
      }
  }
}
