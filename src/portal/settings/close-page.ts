import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates, renderShell } from '../../http/page-shell.ts'
import type { Problem } from '../../problem.ts'
import type { PortalContent } from '../frame.ts'
import type { ClosingBar } from './close-own-account.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What is still open, and ends with the account. */
export type OpenAtClosing = {
  /** Courts where something is decided or asked for, with a word for it. */
  readonly courts: readonly { readonly name: string; readonly label: string }[]
  /** How to reach their clerks; trusted HTML. */
  readonly clerks?: string | undefined
  /** Browsers that are signed in, this one aside. */
  readonly otherSessions: number
  /** Vendors' applications that may act with the account. */
  readonly vendors: readonly string[]
  /** Another e-mail address that waits to be confirmed. */
  readonly waitingEmail: string | undefined
  readonly searches: boolean
}

export type ClosePageProblem = {
  readonly heading: string
  readonly text?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

/** Why the account cannot be closed here, and who does what about it. */
const bars: Readonly<
  Record<ClosingBar, { readonly heading: string; readonly text: string; readonly help: string }>
> = {
  'several-people': {
    heading: 'This account is not one person’s alone',
    text: 'A shared account has several people who use it, and a PACER Administrative Account pays for others. The office that has it arranges its end with the PACER Service Center.',
    help: 'Call the PACER Service Center',
  },
  staff: {
    heading: 'This account has a role at work',
    text: 'As long as it has one it cannot be closed. Ask the head of your office to have the role taken from the account: “Your work for the courts” on your account page says which. Then close the account here.',
    help: 'If your office cannot help, call the PACER Service Center',
  },
  held: {
    heading: 'This account is on hold',
    text: 'Nobody can undo a closing. Until the hold is lifted the account can therefore not be closed.',
    help: 'To have the hold lifted, call the PACER Service Center',
  },
  'mailbox-lost': {
    heading: 'Support was asked for another e-mail address for this account',
    text: 'Somebody told the PACER Service Center that the mailbox of this account is lost. Nobody can undo a closing. Until support is done the account can therefore not be closed.',
    help: 'If that was not you, call the PACER Service Center',
  },
}

/**
 * What closing ends, what stays, and the form for it. It is shown again as it was, with what is wrong.
 * @param model.emailTold the confirmed address, which gets the last message.
 * @param model.bar why it cannot be closed here: then there is no form.
 */
export function closeContent(model: {
  action: string
  csrf: string
  username: string
  number: string
  open: OpenAtClosing
  emailTold?: string | undefined
  bar?: ClosingBar | undefined
  typed?: string | undefined
  problem?: ClosePageProblem | undefined
}): PortalContent {
  const { bar, problem, open } = model
  const isNothingOpen =
    open.courts.length + open.otherSessions + open.vendors.length === 0 &&
    !open.waitingEmail &&
    !open.searches
  return {
    title: `${problem ? 'Error: ' : ''}Close your account`,
    body: template('close-account', {
      ...model,
      bar: bar && bars[bar],
      isNothingOpen,
      fieldProblem: problemOf(problem?.problems ?? [], 'username'),
    }),
  }
}

/** The last page: nobody is signed in any more. */
export function accountClosedPage(model: { nonce: string; number: string }): string {
  return renderShell({
    nonce: model.nonce,
    title: 'Your account is closed',
    body: template('account-closed', model),
  })
}
