import type { By } from '../audit/by.ts'
import type { AccountId } from '../ids.ts'
import type { Outcome } from '../outcome.ts'
import type { Problem } from '../problem.ts'

/** Why a code did not confirm the address. */
export type CodeRefusal =
  | { readonly reason: 'wrong'; readonly triesLeft: number }
  | { readonly reason: 'not-sent-yet' | 'no-more-tries' | 'code-expired' | 'over' }

/** Too many mails were asked for; the same for an address with an account and for one without. */
export type TooMany = {
  readonly reason: 'too-many'
  readonly of: 'address' | 'network'
  readonly retryAfterSeconds: number
}

/** Whose address is confirmed, and in which interaction: nowhere else its code is looked at. */
export type CodeHolder = {
  readonly accountId: AccountId
  readonly interaction: string
  /** The stand of the account that the sign-in counts at (`sign-in-stand.ts`). */
  readonly stand: number | undefined
}

/** An address that waits for its code. */
export type AskedAddress = { readonly email: string; readonly isOver: boolean }

/** Confirms the e-mail address of an account in the middle of a sign-in, with the code of a mail. */
export type AddressCodes = {
  /** What was asked for last in this interaction, as long as it is not confirmed. */
  find(holder: CodeHolder): Promise<AskedAddress | undefined>
  /** Sends a code to an address. */
  ask(
    holder: CodeHolder,
    asked: {
      readonly email: string
      /** The account that the mail names. */
      readonly account: { readonly username: string; readonly number: string }
      /** The network address that asks. */
      readonly address: string
    },
  ): Promise<Outcome<void, TooMany>>
  /** The same once more, with a code of its own: the one before counts no more. */
  sendAgain(
    holder: CodeHolder,
    asked: {
      readonly account: { readonly username: string; readonly number: string }
      readonly address: string
    },
  ): Promise<Outcome<void, TooMany | { readonly reason: 'over' }>>
  /** With the right code the address is the account's, at once, and is told so. A try counts. */
  confirm(holder: CodeHolder, code: string, by: By): Promise<Outcome<void, CodeRefusal>>
}

/** What is wrong with a code, above its form and at its field. */
export type CodeProblem = { readonly heading: string; readonly problems: readonly Problem[] }

/** The six digits that somebody typed, with blanks or dashes as they like; undefined for anything else. */
export function readCode(typed: string): string | undefined {
  const code = typed.replace(/[\s-]/g, '')
  return /^\d{6}$/.test(code) ? code : undefined
}

const codeProblem = (heading: string, message: string): CodeProblem => ({
  heading,
  problems: [{ path: ['code'], message }],
})

export const notACode = codeProblem(
  'The code is not complete',
  'Type the six digits from the message',
)

export function codeProblemOf(refusal: CodeRefusal): CodeProblem {
  switch (refusal.reason) {
    case 'wrong':
      return codeProblem(
        'This is not the code',
        `Compare it with the newest message. You can try ${refusal.triesLeft === 1 ? 'once' : `${refusal.triesLeft} times`} more`,
      )
    case 'no-more-tries':
      return codeProblem(
        'The code was typed wrong too often',
        'Choose “Send it again” below, and use the code of the new message',
      )
    case 'not-sent-yet':
      return codeProblem(
        'The message is not out yet',
        'Wait until the newest message arrives, and use its code. This try does not count',
      )
    case 'code-expired':
    case 'over':
      return codeProblem(
        'The code is too old',
        'Choose “Send it again” below, and use the code of the new message',
      )
  }
}

/** What is said of too many mails, and what to do. */
export const tooManyWords: Readonly<
  Record<TooMany['of'], { readonly explanation: string; readonly whatToDo: string }>
> = {
  address: {
    explanation:
      'We have written to this address several times within an hour. Nothing was sent now.',
    whatToDo:
      'Look for our messages in your e-mail, and in its spam or junk folder: the newest one counts.',
  },
  network: {
    explanation:
      'Many messages were asked for from your network within an hour. Nothing was sent now.',
    whatToDo: 'If you are in an office, somebody else there may have asked.',
  },
}
