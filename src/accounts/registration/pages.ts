import { formatDay } from '../../days.ts'
import { linkable, type WayBack } from '../../http/error-page.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates, type Page, renderShell } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Problem } from '../../problem.ts'
import { accountTemplates } from '../account-templates.ts'
import { passwordHint, passwordRules } from '../password-policy.ts'
import { barRowsOf, personLists } from '../person/lists.ts'
import { rulesVersion } from '../rules-of-use.ts'
import type { StateInWords } from '../state-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), accountTemplates)

type RegistrationPage = { nonce: string; csrf: string }
/** What the browser is known by once the address is confirmed. */
type ConfirmingPage = RegistrationPage & { next: string }

/** Asks for the address. `client` is the application whose sign-in page led here. */
export function registerPage(
  model: RegistrationPage & {
    email?: string | undefined
    client?: string | undefined
    /** Where who has an account already signs in. */
    wayBack?: WayBack | undefined
    problems?: readonly Problem[]
  },
): string {
  const { problems = [] } = model
  return render(model, problems.length > 0, {
    title: 'Create an account',
    body: template('register', {
      ...model,
      wayBack: linkable(model.wayBack),
      problems,
      problem: (field: string) => problemOf(problems, field),
    }),
  })
}

/** What is wrong on a page, above its form. */
export type PageProblem = {
  readonly heading: string
  readonly text?: string
  /** A sentence that a telephone number follows. */
  readonly help?: string
  readonly problems?: readonly Problem[]
}

/** The mail is on its way: the same whether or not there is an account with the address. */
export function checkMailPage(
  model: ConfirmingPage & {
    email: string
    againCsrf: string
    typedCode?: string | undefined
    /** The mail was asked for once more. */
    isSentAgain?: boolean
    summary?: PageProblem | undefined
  },
): string {
  const { summary } = model
  return render(model, summary !== undefined, {
    title: 'Check your e-mail',
    body: template('check-mail', {
      typedCode: '',
      isSentAgain: false,
      ...model,
      problem: (field: string) => problemOf(summary?.problems ?? [], field),
    }),
  })
}

/** What the link of the mail opens: nothing happens before the press. */
export function confirmPage(model: ConfirmingPage & { email: string; action: string }): string {
  return render(model, false, {
    title: 'Confirm your address',
    body: template('confirm', model),
  })
}

/** Everything about the person. `typed` never has a password. */
export function accountFormPage(
  model: RegistrationPage & {
    /** The confirmed address; absent where it cannot be read now. */
    email: string | undefined
    typed: Fields
    summary?: PageProblem | undefined
    isLikeAnother?: boolean
    /** A row for one more bar number was asked for. */
    isOneMoreBar?: boolean
  },
): string {
  const { typed, summary, isLikeAnother = false, isOneMoreBar = false } = model
  return render(model, summary !== undefined || isLikeAnother, {
    title: 'Create your account',
    scripts: ['show-passwords.js'],
    body: template('form', {
      ...model,
      ...personLists,
      ...barRowsOf(typed, isOneMoreBar),
      isLikeAnother,
      passwordHint,
      passwordRules,
      rulesVersion,
      rulesText: formatDay(rulesVersion),
      problem: (field: string) => problemOf(summary?.problems ?? [], field),
    }),
  })
}

/** The account is made; nobody is signed in by that. */
export function donePage(model: {
  nonce: string
  name: string
  username: string
  number: string
  /** The words of its review, where it is in one. */
  review?: StateInWords | undefined
  wayBack?: WayBack | undefined
}): string {
  const title = model.review ? 'Your account is in review' : 'Your account is ready'
  return renderShell({
    nonce: model.nonce,
    title,
    body: template('done', { ...model, title, wayBack: linkable(model.wayBack) }),
  })
}

function render(
  { nonce }: { nonce: string },
  hasProblem: boolean,
  page: Omit<Page, 'nonce'>,
): string {
  return renderShell({ ...page, nonce, title: `${hasProblem ? 'Error: ' : ''}${page.title}` })
}
