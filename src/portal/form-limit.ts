import type { Problem } from '../problem.ts'
import type { WindowCounter } from '../storage/window-counter.ts'
import { inWords } from '../time-in-words.ts'
import type { PortalVisit } from './portal-gate.ts'

/** So often a form that changes the account is sent: no names are tried out with it, and no mailbox is filled. */
export const formsPerAccount = { points: 20, seconds: 3600 } as const

/** The same for the pages on which courts are asked: somebody may ask at several, and correct what was typed. */
export const courtFormsPerAccount = { points: 60, seconds: 3600 } as const

/** What is wrong with a form, for the summary above it and for its fields. */
export type FormTrouble = {
  readonly heading: string
  readonly text?: string | undefined
  /** Who can help; the telephone number follows. */
  readonly help?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

/** Counts one more form of that name; what is said where it was one too many. */
export async function countForm(
  counter: Pick<WindowCounter, 'count'>,
  { ctx, account }: PortalVisit,
  form: { readonly name: string },
): Promise<FormTrouble | undefined> {
  const { retryAfterSeconds } = await counter.count(`${form.name} ${account.id}`)
  if (retryAfterSeconds === undefined) return undefined
  ctx.set('Retry-After', String(retryAfterSeconds))
  return {
    heading: 'The form was sent too often',
    text: `Nothing was changed, and what you typed is kept. Wait ${inWords(retryAfterSeconds)}, then send it again.`,
    help: 'If you need help with it, call the PACER Service Center',
  }
}
