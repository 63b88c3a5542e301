import { type GoLiveChangeKind, goLiveChanges } from '../../courts/go-live-machine.ts'

type ActOnPage = {
  /** What it means, in sentences. */
  readonly meaning: string
  readonly button: string
  /** The form asks for the moment of go-live. */
  readonly hasMoment: boolean
  /** The form has the windows, the words for an emergency and the days of notices. */
  readonly hasTerms: boolean
}

/** Each change as the manager meets it; what may be done when says the machine. */
export const goLiveActs: Readonly<Record<GoLiveChangeKind, ActOnPage>> = {
  plan: {
    meaning:
      'The court goes live at this moment by itself, to the minute. Filers are not told yet: that begins when you announce it.',
    button: 'Plan this moment',
    hasMoment: true,
    hasTerms: true,
  },
  announce: {
    meaning: 'From now on filers are told of the moment by e-mail, on the days of notices.',
    button: 'Announce the go-live',
    hasMoment: true,
    hasTerms: true,
  },
  postpone: {
    meaning:
      'Those who were told of the moment before are told of the new one, once. Look at the closed days as well: they stay where they are unless you move them.',
    button: 'Move the go-live',
    hasMoment: true,
    hasTerms: true,
  },
  'go-live': {
    meaning:
      'The court goes live at once, whatever moment was planned: the old login ends and the new one begins.',
    button: 'Go live now',
    hasMoment: false,
    hasTerms: false,
  },
  'roll-back': {
    meaning:
      'The court is not live any more, and the old login applies again. Rights, links and requests are kept: they hold again at the next go-live, and nobody has to link twice.',
    button: 'Roll back the go-live',
    hasMoment: false,
    hasTerms: false,
  },
  'close-legacy': {
    meaning:
      'Nobody links by the old login and password any more, and the old passwords are erased. This cannot be undone. The clerk can still link accounts.',
    button: 'End linking by the old password',
    hasMoment: false,
    hasTerms: false,
  },
  change: {
    meaning: 'The moment of go-live stays. An empty field takes away what was there.',
    button: 'Save these',
    hasMoment: false,
    hasTerms: true,
  },
}

export function isReasonNeeded(act: GoLiveChangeKind): boolean {
  return (goLiveChanges[act].needs as readonly string[]).includes('reason')
}
