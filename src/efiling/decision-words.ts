import type { DecisionKind } from './right-machine.ts'

/** What was decided, as the holder, support and the court read it in a list. */
export const decisionLabels: Readonly<Record<DecisionKind | 'apply' | 'migrate', string>> = {
  grant: 'Rights granted',
  change: 'Rights changed',
  extend: 'Last day changed',
  suspend: 'Suspended',
  reinstate: 'Reinstated',
  revoke: 'Ended by the court',
  admit: 'Admitted to practice',
  'end-admission': 'Admission ended',
  'free-filer': 'CM/ECF account taken away',
  withdraw: 'What was planned was withdrawn',
  'give-up': 'Given up by the holder',
  link: 'Old filing account linked',
  'link-suspended': 'Old filing account linked, suspended',
  contest: 'Link said to be wrong',
  unlink: 'Link undone',
  apply: 'Recorded from a file',
  migrate: 'Recorded before decisions were kept',
}

export function decisionLabel(kind: unknown): string {
  return (decisionLabels as Readonly<Record<string, string>>)[String(kind)] ?? 'Decided'
}
