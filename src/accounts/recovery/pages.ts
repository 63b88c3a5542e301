import { linkable, type WayBack } from '../../http/error-page.ts'
import { loadTemplates, type Page, renderShell } from '../../http/page-shell.ts'
import { passwordHint, passwordRules } from '../password-policy.ts'
import type { RecoveryKind } from './recovery.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type Every = { nonce: string }

/** What is wrong with a form: a heading, what to do, and the words for its one field. */
export type RecoveryProblem = {
  readonly heading: string
  readonly text?: string
  /** Who can help; the telephone number follows. */
  readonly help?: string
  readonly field?: string
}

/** Which of the two is forgotten. */
export function recoverPage(
  model: Every & {
    usernameAddress: string
    passwordAddress: string
    wayBack?: WayBack | undefined
  },
): string {
  return render(model, {
    title: 'Forgot your username or password?',
    body: template('recover', { ...model, wayBack: linkable(model.wayBack) }),
  })
}

/** Asks for the address, or for the name of the account. */
export function askPage(
  model: Every & {
    kind: RecoveryKind
    action: string
    csrf: string
    typed?: string | undefined
    /** The application whose sign-in page led here. */
    client?: string | undefined
    problem?: RecoveryProblem | undefined
  },
): string {
  const { kind, problem } = model
  const title = kind === 'usernames' ? 'Forgot your username' : 'Forgot your password'
  const field = kind === 'usernames' ? 'email' : 'name'
  const problems = problem?.field ? [{ path: [field], message: problem.field }] : []
  return render(model, {
    title: `${problem ? 'Error: ' : ''}${title}`,
    body: template(kind === 'usernames' ? 'ask-username' : 'ask-password', {
      ...model,
      title,
      summary: problem && { ...problem, problems },
    }),
  })
}

/** The same for everybody, whatever was typed. */
export function sentPage(
  model: Every & { kind: RecoveryKind; again: string; wayBack?: WayBack | undefined },
): string {
  return render(model, {
    title: 'Check your e-mail',
    body: template('sent', { ...model, wayBack: linkable(model.wayBack) }),
  })
}

/** What the link for a new password opens. */
export function resetPage(
  model: Every & { action: string; csrf: string; username: string; problem?: RecoveryProblem },
): string {
  const { problem } = model
  const problems = problem?.field ? [{ path: ['password'], message: problem.field }] : []
  return render(model, {
    title: `${problem ? 'Error: ' : ''}Choose a new password`,
    scripts: ['show-passwords.js'],
    body: template('reset', {
      ...model,
      summary: problem && { ...problem, problems },
      hint: passwordHint,
      rules: passwordRules,
    }),
  })
}

/** The password is changed, and nobody is signed in by that. */
export function resetDonePage(
  model: Every & { username: string; wayBack?: WayBack | undefined },
): string {
  return render(model, {
    title: 'Your password is changed',
    body: template('reset-done', { ...model, wayBack: linkable(model.wayBack) }),
  })
}

/**
 * Says what the press will do, before it does it.
 * @param model.clerks how to reach the clerks of the courts where the account has something; trusted HTML.
 */
export function notMePage(
  model: Every & { action: string; csrf: string; username: string; clerks?: string },
): string {
  return render(model, {
    title: 'Was this not you?',
    body: template('not-me', model),
  })
}

export function notMeDonePage(model: Every & { clerks?: string }): string {
  return render(model, {
    title: 'Your account is secured',
    body: template('not-me-done', model),
  })
}

/** For who reads the mail of an address that the account had before. */
export function oldAddressPage(
  model: Every & {
    action: string
    csrf: string
    /** It is still the account's: support proposed another one. */
    isProposed?: boolean | undefined
  },
): string {
  return render(model, {
    title: 'Tell the PACER Service Center',
    body: template('old-address', model),
  })
}

export function oldAddressDonePage(model: Every): string {
  return render(model, {
    title: 'The PACER Service Center has been told',
    body: template('old-address-done', model),
  })
}

/** For the reader of an address that support approved: asks for the number of the account. */
export function recoveredAddressPage(
  model: Every & {
    action: string
    csrf: string
    typed?: string | undefined
    problem?: RecoveryProblem | undefined
  },
): string {
  const { problem } = model
  const problems = problem?.field ? [{ path: ['number'], message: problem.field }] : []
  return render(model, {
    title: `${problem ? 'Error: ' : ''}Get back into your account`,
    body: template('recovered-address', {
      ...model,
      summary: problem && { ...problem, problems },
    }),
  })
}

/** The address is the account's now; what is missing is a password. */
export function recoveredAddressDonePage(
  model: Every & { username: string; resetPath: string },
): string {
  return render(model, {
    title: 'This is your address now',
    body: template('recovered-address-done', model),
  })
}

/** A link that does nothing any more, and what to do about it. */
export function deadLinkPage(
  model: Every & {
    heading: string
    text: string
    action?: { readonly url: string; readonly label: string } | undefined
    other?: { readonly url: string; readonly label: string } | undefined
  },
): string {
  return render(model, { title: model.heading, body: template('dead-link', model) })
}

function render(model: Every, page: Omit<Page, 'nonce'>): string {
  return renderShell({ ...page, nonce: model.nonce })
}
