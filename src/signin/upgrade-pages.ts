import { accountTemplates } from '../accounts/account-templates.ts'
import { passwordHint, passwordRules } from '../accounts/password-policy.ts'
import { personLists } from '../accounts/person/lists.ts'
import { problemOf } from '../http/form-kit.ts'
import { loadTemplates, renderShell } from '../http/page-shell.ts'
import type { Fields } from '../http/read-form.ts'
import type { Problem } from '../problem.ts'
import type { AskedBy } from './asked-by.ts'
import { type Form, namesOf } from './pages.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), accountTemplates)

/** For accounts made before August 11, 2014: they may search, and cannot file before an upgrade. */
export function legacyNoticePage(
  model: Form & {
    askedBy?: AskedBy | undefined
    /** The upgrade can begin here. */
    canUpgrade: boolean
    /** It has no confirmed e-mail address. */
    asksEmail: boolean
  },
): string {
  return renderShell({
    nonce: model.nonce,
    title: 'Your account can search, but not file',
    body: template('legacy-notice', {
      ...model,
      askedBy: model.askedBy && namesOf(model.askedBy),
    }),
  })
}

/** For a legacy account that is nobody's own: a shared one searches, one of a firm pays, and who files needs another. */
export function sharedNoticePage(
  model: Form & { askedBy?: AskedBy | undefined; registerAddress: string; isFirm: boolean },
): string {
  return renderShell({
    nonce: model.nonce,
    title: model.isFirm
      ? 'This account does not search or file'
      : 'This account can search, but not file',
    body: template('shared-notice', {
      ...model,
      askedBy: model.askedBy && namesOf(model.askedBy),
    }),
  })
}

/** One form of an upgrade, with what was typed and what is wrong with it. */
type UpgradePage = Form & {
  /** Which form it is, of how many. */
  readonly part: number
  readonly parts: number
  readonly typed: Fields
  readonly problems: readonly Problem[]
  /** Above the problems; absent for the usual one. */
  readonly heading?: string
  /** A sentence that a telephone number follows. */
  readonly help?: string
}

/** Where mail about the account goes. */
export function upgradeEmailPage(model: UpgradePage): string {
  return render(model, { name: 'upgrade-email', title: 'Your e-mail address' })
}

/** The mail is on its way, and its code is asked for. */
export function upgradeCodePage(
  model: UpgradePage & {
    readonly email: string
    /** It was asked for once more. */
    readonly isSentAgain?: boolean
  },
): string {
  return render(model, { name: 'upgrade-code', title: 'Check your e-mail' })
}

/** Who it is. */
export function upgradePersonPage(
  model: UpgradePage & { readonly asksBirthDate: boolean },
): string {
  return render(model, { name: 'upgrade-person', title: 'About you' })
}

/** Where paper and calls reach the holder. */
export function upgradeAddressPage(model: UpgradePage): string {
  return render(model, { name: 'upgrade-address', title: 'Your address' })
}

/** How one signs in from now on. A password that was typed before is never shown again. */
export function upgradeSecurityPage(model: UpgradePage & { readonly oldUsername: string }): string {
  return render(model, { name: 'upgrade-security', title: 'Username and password' })
}

function render(model: UpgradePage, { name, title }: { name: string; title: string }): string {
  // Every page has a `help` of its own, the telephone number.
  const { problems, nonce, heading = 'Correct what is listed here', help, ...shown } = model
  const summary = problems.length > 0 && { heading, help, problems }
  return renderShell({
    nonce,
    title: `${summary ? 'Error: ' : ''}${title} - Upgrade your account`,
    scripts: name === 'upgrade-security' ? ['show-passwords.js'] : [],
    body: template(name, {
      ...shown,
      ...personLists,
      title,
      summary,
      hint: passwordHint,
      rules: passwordRules,
      problem: (field: string) => problemOf(problems, field),
    }),
  })
}
