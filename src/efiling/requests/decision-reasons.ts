/** What a reason says: to the clerk who chooses it, and to the filer who is told. */
type ReasonWords = {
  /** In a list of choices. */
  readonly label: string
  /** One sentence for the filer; the clerk's own words follow it. */
  readonly told: string
}

/** Why a court denies a request. */
export const denialReasons = {
  'not-admitted': {
    label: 'Not admitted to practice here',
    told: 'The court’s records do not show that you are admitted to practice there.',
  },
  'not-in-good-standing': {
    label: 'Not in good standing',
    told: 'The court could not find that you are in good standing with the bar that you named.',
  },
  'has-account': {
    label: 'Has a CM/ECF account here already',
    told: 'You have a CM/ECF account at this court already. Link it instead of asking for a new one.',
  },
  'order-needed': {
    label: 'Needs an order of the court first',
    told: 'What you ask for needs an order of the court first.',
  },
  'not-taken': {
    label: 'This court does not give what is asked for',
    told: 'This court does not give what you asked for.',
  },
  'not-answered': {
    label: 'What was asked back was not answered',
    told: 'The court asked you for something, and has not received it.',
  },
  other: { label: 'Another reason', told: 'The court gives its reason in its own words.' },
} as const satisfies Readonly<Record<string, ReasonWords>>

export type DenialReason = keyof typeof denialReasons

/** What a court asks the filer for before it decides. */
export const questionReasons = {
  document: {
    label: 'A document is missing or cannot be read',
    told: 'A document is missing, or cannot be read.',
  },
  'bar-number': {
    label: 'The bar number or the admission is not clear',
    told: 'Your bar number, or where you are admitted, is not clear to the court.',
  },
  identity: {
    label: 'The name, address or telephone number is not clear',
    told: 'Your name, address or telephone number is not clear to the court.',
  },
  'old-account': {
    label: 'There may be a CM/ECF account of an earlier time',
    told: 'You may have a CM/ECF account at this court from an earlier time.',
  },
  other: { label: 'Something else', told: 'The court has a question.' },
} as const satisfies Readonly<Record<string, ReasonWords>>

export type QuestionReason = keyof typeof questionReasons

/** What was told for a stored reason; undefined for one that this release does not know. */
export function toldReason(reason: string | null): string | undefined {
  if (reason === null) return undefined
  const all: Readonly<Record<string, ReasonWords | undefined>> = {
    ...questionReasons,
    ...denialReasons,
  }
  return all[reason]?.told
}
