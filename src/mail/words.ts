import type { KeyObject } from 'node:crypto'
import type { AccountId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'

export type MailFact =
  | string
  | number
  | boolean
  | null
  | readonly MailFact[]
  | { readonly [name: string]: MailFact }

/** What a mail tells of, through JSON; gone from the database as soon as the mail is sent. */
export type MailFacts = { readonly [name: string]: MailFact }

/** What a mail's link is about beside the account: ids, through JSON. */
export type LinkAbout = Readonly<Record<string, string>>

/** What one message says. The layout adds who writes, the links, how long they hold, and the help line. */
export type MailText = {
  readonly subject: string
  readonly paragraphs: readonly string[]
  /** A code to type in, on a line of its own. */
  readonly code?: string
  /** What the link does, as its button says it; only where the words have a link. */
  readonly button?: string
  /** How to get there without the link. */
  readonly withoutLink: string
}

export type MailContext = {
  /** The address of one of our paths, to be written out. */
  at(path: string): string
  /** What `make` made. */
  readonly made: Readonly<Record<string, string>>
}

/** The mail whose words are made. */
export type QueuedMail = {
  readonly id: string
  readonly to: string
  readonly accountId: AccountId | undefined
  readonly about: LinkAbout
}

/** One kind of message. The words stand in the slice whose act they tell of. */
export type MailWords<Facts extends MailFacts = MailFacts> = {
  /** Kebab-case; stands in the table of mails, so it stays when the words change. */
  readonly name: string
  readonly link?: {
    readonly purpose: string
    /** From the sending on. */
    readonly lifeMinutes: number
    path(token: string): string
  }
  /** It tells the holder what happened to the account, and so has a link for who did not do that. */
  readonly hasNotMe?: boolean
  /**
   * Makes what stands in this mail alone, a code for example, in the transaction of its links: once for
   * each try, and the last one counts. Of a secret the database keeps a hash under the key.
   */
  make?(
    tx: Transaction,
    mail: QueuedMail,
    key: KeyObject,
  ): Promise<Readonly<Record<string, string>>>
  compose(facts: Facts, context: MailContext): MailText
}

const longestFact = 300

/**
 * The facts as a message may show them: in one line, and not as the beginning of a link. Some of them
 * were typed by somebody else than the reader.
 */
export function harmless<Fact extends MailFact>(fact: Fact): Fact
export function harmless(fact: MailFact): MailFact {
  if (typeof fact === 'string') {
    return inOneLine(fact).replace(/:\/\//g, ': //').slice(0, longestFact)
  }
  if (Array.isArray(fact)) return fact.map((each: MailFact) => harmless(each))
  if (typeof fact !== 'object' || fact === null) return fact
  return Object.fromEntries(Object.entries(fact).map(([name, each]) => [name, harmless(each)]))
}

/** Without line breaks and other characters that steer. */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}

/** Whether a message can go there: one address, and nothing that is read as more than that. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u.test(text)
}
