import type { ChangeGoLiveRefusal } from './change-go-live.ts'
import type { GoLiveKind, GoLiveState } from './go-live-machine.ts'
import { goLiveLimits } from './go-live-plan.ts'

const { rollBackDays, windowDays, yearsAhead, emergencyLength, reasonLength } = goLiveLimits

/** Why a change of a court's go-live was not made, and what to do. */
export const goLiveRefusalWords: Readonly<Record<ChangeGoLiveRefusal, string>> = {
  'unknown-court': 'There is no such court here.',
  'changed-meanwhile':
    'Somebody else changed the go-live of this court meanwhile. Nothing of yours was saved. Look at what it is now, and decide again.',
  'not-from-here': 'This is not possible as the court stands now. Look at its present state first.',
  'no-moment': 'Say the day and the time at which the court goes live.',
  'moment-passed': 'This moment has passed. Say one that is still to come.',
  'moment-too-far': `This is more than ${yearsAhead} years ahead. Check the year.`,
  'no-reason': 'Say why. Whoever looks at the history later reads it.',
  'text-too-long': `A reason has at most ${reasonLength} characters, and what to do in an emergency ${emergencyLength}.`,
  'nothing-differs': 'This is what is planned already. Nothing was changed.',
  'too-late-to-roll-back': `The go-live was more than ${rollBackDays} days ago. It can no longer be rolled back.`,
  'closes-too-early': `Linking by the old password ends ${rollBackDays} days after the go-live at the earliest: until then the go-live can be rolled back.`,
  'closed-already':
    'Linking by the old password has ended, and the old passwords are erased. It does not open again; the clerk can still link accounts.',
  'window-reversed': 'The end has to be after the beginning.',
  'window-too-long': `This is longer than ${windowDays} days. Check the dates.`,
  'bad-notice-days':
    'Notices take up to twelve different whole numbers of days, each at most 365: -14 is 14 days before the go-live, 0 the day itself, 14 is 14 days after it.',
}

/** The four states, as pages say them. */
export const goLiveStateWords: Readonly<Record<GoLiveState, string>> = {
  planned: 'Not live; no moment is announced',
  announced: 'Not live; the moment is announced',
  live: 'Live',
  'legacy-closed': 'Live; linking by the old password has ended',
}

/** What was done in a version. */
export const goLiveDone: Readonly<Record<GoLiveKind, string>> = {
  plan: 'Planned',
  announce: 'Announced',
  postpone: 'Moved to another moment',
  'go-live': 'Made live at once',
  'roll-back': 'Rolled back',
  'close-legacy': 'Linking by the old password ended',
  change: 'Windows, words or schedule changed',
  set: 'Set by an operator’s file',
}
