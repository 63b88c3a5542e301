import type { RightState } from '../../efiling/right.ts'

/** What somebody has at the court, as its staff reads it. */
export const rightLabels: Readonly<Record<RightState, string>> = {
  none: 'No right',
  pending: 'No right yet',
  active: 'Active',
  suspended: 'Suspended',
  revoked: 'Ended by the court',
  lapsed: 'Lapsed',
  'given-up': 'Given up',
}

export type Tone = 'pending' | 'active' | 'suspended' | 'revoked' | 'lapsed'

export const rightTones: Readonly<Record<RightState, Tone>> = {
  none: 'lapsed',
  pending: 'pending',
  active: 'active',
  suspended: 'suspended',
  revoked: 'revoked',
  lapsed: 'lapsed',
  'given-up': 'lapsed',
}

/** What each state means for the person, and for the court. */
export const rightMeanings: Readonly<Record<RightState, string>> = {
  none: 'Nothing is granted here.',
  pending: 'Nothing is granted here.',
  active: 'This is what your court is told whenever this person signs in.',
  suspended: 'This person cannot file here until the right is given back.',
  revoked: 'This person cannot file here any more.',
  lapsed: 'The last day of the right is over. It can be extended, or granted anew.',
  'given-up': 'Its holder gave the right up, and can ask for one again.',
}
