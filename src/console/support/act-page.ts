import { loadTemplates } from '../../http/page-shell.ts'
import type { Problem } from '../../problem.ts'
import type { ConsoleContent } from '../frame.ts'
import { actWords, type SupportAct } from './acts.ts'
import { supportAccountPath, supportActPath } from './support-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type ActProblem = {
  readonly heading: string
  readonly text?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

/** One act with its reason, before it is done. */
export function actContent(model: {
  act: SupportAct
  account: { readonly name: string; readonly number: string; readonly username: string }
  /** The account as it is, in one sentence. */
  state: string
  csrf: string
  reason: string
  problem?: ActProblem | undefined
}): ConsoleContent {
  const { act, account, problem } = model
  const { label, meaning } = actWords(act)
  return {
    title: `${problem ? 'Error: ' : ''}${label}`,
    body: template('act', {
      ...model,
      label,
      meaning,
      action: supportActPath(account.number, act),
      back: supportAccountPath(account.number),
      reasonProblem: problem?.problems?.find(({ path }) => path[0] === 'reason')?.message,
    }),
  }
}

/** Nobody acts on an account of one's own. */
export function ownAccountContent(number: string): ConsoleContent {
  return {
    title: 'This account is your own',
    body: template('own-account', { back: supportAccountPath(number) }),
  }
}
