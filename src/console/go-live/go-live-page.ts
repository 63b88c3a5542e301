import type { GoLiveChangeKind } from '../../courts/go-live-machine.ts'
import { goLiveChanges } from '../../courts/go-live-machine.ts'
import { goLiveLimits } from '../../courts/go-live-plan.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import { courtPath } from '../../paths.ts'
import type { Problem } from '../../problem.ts'
import { staffCourtPath } from '../court/court-paths.ts'
import type { CourtOnPage } from '../court/practice-page.ts'
import type { ConsoleContent } from '../frame.ts'
import { goLiveActs, isReasonNeeded } from './acts.ts'
import { goLiveActPath, goLivePath } from './go-live-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** Where a court stands on its way, in words. */
export type StandOnPage = {
  readonly label: string
  readonly isLive: boolean
  readonly facts: readonly (readonly [label: string, text: string])[]
  readonly concerns: readonly (readonly [label: string, text: string])[]
}

export type GoLiveProblem = {
  readonly heading: string
  readonly text?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

/** The go-live of a court: where it stands, whom that concerns, what can be done, and its history. */
export function goLiveContent(model: {
  court: CourtOnPage
  stand: StandOnPage
  /** What whoever looks may do now; nothing for a clerk. */
  acts: readonly GoLiveChangeKind[]
  isManager: boolean
  versions: readonly {
    readonly version: number
    readonly done: string
    readonly moment: string
    readonly at: string
    readonly by: string
    readonly reason: string | null
  }[]
  problem?: GoLiveProblem | undefined
}): ConsoleContent {
  const { court, acts, problem } = model
  return {
    title: `${problem ? 'Error: ' : ''}Go-live: ${court.name}`,
    body: template('go-live', {
      ...model,
      back: { url: staffCourtPath(court.id), label: court.name },
      publicUrl: courtPath(court.id),
      summary: problem,
      acts: acts.map((act) => ({
        id: act,
        label: goLiveChanges[act].label,
        text: goLiveActs[act].meaning,
        url: goLiveActPath(court.id, act),
      })),
    }),
  }
}

/** The form of one act; with `effect` what it would do, before it is done. */
export function goLiveActContent(model: {
  court: CourtOnPage
  /** What people call the court's clock. */
  zone: string
  act: GoLiveChangeKind
  stand: StandOnPage
  csrf: string
  /** The version that the form stands on. */
  version: number
  typed: Fields
  /** What would happen to whom; undefined where that was not asked yet. */
  effect?: readonly string[] | undefined
  problem?: GoLiveProblem | undefined
}): ConsoleContent {
  const { court, act, problem } = model
  const { label } = goLiveChanges[act]
  const problems = problem?.problems ?? []
  return {
    title: `${problem ? 'Error: ' : ''}${label}: ${court.name}`,
    body: template('go-live-act', {
      ...model,
      ...goLiveActs[act],
      label,
      isReasonNeeded: isReasonNeeded(act),
      limits: goLiveLimits,
      action: goLiveActPath(court.id, act),
      back: { url: goLivePath(court.id), label: 'Go-live' },
      summary: problem,
      problemOf: (field: string) => problemOf(problems, field),
    }),
  }
}
