import type { Role } from './roles.ts'

/**
 * What somebody may ask of a court; each court takes some of them.
 * Source: https://www.tnmd.uscourts.gov (NextGen CM/ECF Registration Information), PACER's list.
 */
export const requestKinds = [
  'admission-and-filing',
  'filing-only',
  'pro-hac-vice',
  'multi-district',
  'federal-attorney',
  'non-attorney',
] as const
export type RequestKind = (typeof requestKinds)[number]

/** The kinds by the names that PACER gives them. */
export const requestKindLabels: Readonly<Record<RequestKind, string>> = {
  'admission-and-filing': 'Attorney admission and e-filing',
  'filing-only': 'E-filing registration only',
  'pro-hac-vice': 'Pro hac vice',
  'multi-district': 'Multi-district litigation',
  'federal-attorney': 'Federal attorney',
  'non-attorney': 'E-filing by people who are not attorneys',
}

export const questionKinds = ['text', 'choice', 'date', 'document'] as const

/** A question of the court's own, asked with a request. */
export type Question = {
  /** The same as long as it is asked, whatever becomes of its words. */
  readonly id: string
  readonly kind: (typeof questionKinds)[number]
  readonly label: string
  readonly isRequired: boolean
  /** What is chosen from; of a choice alone. */
  readonly options?: readonly string[]
  /** The kinds of request that it is asked with; absent: with every kind. */
  readonly forKinds?: readonly RequestKind[]
}

/** How often notices are sent. */
export const deliveryPreferences = ['each-filing', 'daily-summary'] as const
export type DeliveryPreference = (typeof deliveryPreferences)[number]
export const deliveryPreferenceLabels: Readonly<Record<DeliveryPreference, string>> = {
  'each-filing': 'At the time of filing (one e-mail per filing)',
  'daily-summary': 'Once per day (daily summary)',
}

/** What a notice is written in. */
export const deliveryFormats = ['html', 'text'] as const
export type DeliveryFormat = (typeof deliveryFormats)[number]
export const deliveryFormatLabels: Readonly<Record<DeliveryFormat, string>> = {
  html: 'HTML',
  text: 'Text',
}

/** What becomes of a request by somebody who seems to have an account of the court from before. */
export const oldAccountRules = ['link-instead', 'clerk-links'] as const
export type OldAccountRule = (typeof oldAccountRules)[number]
export const oldAccountLabels: Readonly<Record<OldAccountRule, string>> = {
  'link-instead': 'The request is refused: whoever has an account links it',
  'clerk-links': 'The request is taken, and the clerk links the account',
}

/** What a court takes, asks and says to whoever wants to file there. */
export type Practice = {
  /** Grows by one with every change; 0: the court has said nothing, and takes nothing. */
  readonly version: number
  readonly takes: readonly RequestKind[]
  /** What somebody who is no attorney may ask to file as. */
  readonly roles: readonly Role[]
  readonly questions: readonly Question[]
  /** What has to be accepted; the version grows with the text. */
  readonly terms: { readonly version: number; readonly text: string } | null
  /** What may be chosen about notices, and is passed on to the court; none: it is not asked. */
  readonly deliveryPreferences: readonly DeliveryPreference[]
  readonly deliveryFormats: readonly DeliveryFormat[]
  readonly oldAccounts: OldAccountRule
  /** A request that has waited for the clerk for more days than these is late. */
  readonly lateAfterDays: number
}

/** What a court may decide of its practice; the versions follow. */
export type PracticeSettings = Omit<Practice, 'version' | 'terms'> & {
  readonly terms: string | null
}

export function settingsOf({ version: _, terms, ...settings }: Practice): PracticeSettings {
  return { ...settings, terms: terms?.text ?? null }
}

/** Whether people who are no attorneys may ask, and there is nothing that they could file as. */
export function lacksRoles({ takes, roles }: Pick<Practice, 'takes' | 'roles'>): boolean {
  return takes.includes('non-attorney') && roles.length === 0
}

/** What a court that has said nothing does: it takes no requests. */
export const noPractice: Practice = {
  version: 0,
  takes: [],
  roles: [],
  questions: [],
  terms: null,
  deliveryPreferences: [],
  deliveryFormats: [],
  oldAccounts: 'link-instead',
  lateAfterDays: 5,
}

/** The questions that come with a request of this kind, in the court's order. */
export function questionsFor(
  { questions }: Pick<Practice, 'questions'>,
  kind: RequestKind,
): readonly Question[] {
  return questions.filter(({ forKinds }) => !forKinds || forKinds.includes(kind))
}

/** What a court may say: no more than a page can show, and somebody can answer. */
export const practiceLimits = {
  questions: 20,
  labelLength: 200,
  fewestOptions: 2,
  options: 20,
  optionLength: 100,
  termsLength: 4000,
  lateAfterDays: 60,
} as const

/** Of a question: chosen by an apply file, or made here. */
export const questionIdPattern = /^[a-z0-9][a-z0-9-]{0,31}$/

/** One version of what a court keeps, with who changed it and when. */
export type KeptVersion<Kept> = {
  readonly version: number
  readonly changedAt: Date
  /** The account of whoever changed it; null: the command line. */
  readonly changedBy: string | null
  readonly kept: Kept
}
