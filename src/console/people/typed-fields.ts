import { now } from '../../clock.ts'
import { isAdmittedAt } from '../../efiling/right.ts'
import type { Fields } from '../../http/read-form.ts'
import { dayTyped } from '../typed-day.ts'
import { grantOf, type PersonAct } from './acts.ts'
import type { TypedDecision } from './decide-form.ts'
import type { SeenPerson } from './read-person.ts'

/** What the fields begin with: what holds, where something does. */
export function typedAtFirst(
  act: PersonAct,
  { right }: SeenPerson,
  court: { readonly timeZone: string },
): Fields {
  const isAdmitted = isAdmittedAt(right, court, now())
  const typed = {
    role: right.role ?? '',
    grants: grantOf(right.actions) ?? (act === 'change' ? 'same' : 'file'),
    filerId: right.filerId ?? '',
    endsOn: act === 'grant' ? '' : dayTyped(right.endsOn),
    when: 'now',
  }
  if (act !== 'grant') return typed
  return {
    ...typed,
    admitted: isAdmitted ? 'yes' : 'no',
    admittedUntil: isAdmitted ? dayTyped(right.admittedUntil) : '',
  }
}

/** What was typed and could be read, to be shown again. */
export function typedAgain(typed: TypedDecision): Fields {
  const { endsOn, admittedUntil, from, seen, ...rest } = typed
  const texts = Object.entries(rest).map(([name, value]) => [name, value ?? ''])
  return {
    ...Object.fromEntries(texts),
    endsOn: dayTyped(endsOn),
    admittedUntil: dayTyped(admittedUntil),
    from: dayTyped(from),
    seen: String(seen),
  }
}

/** The decision on which a form stood that cannot be read otherwise; -1 where it is none. */
export function seenIn(typed: Fields): number {
  const seen = typed['seen'] ?? ''
  return /^\d{1,9}$/.test(seen) ? Number(seen) : -1
}
