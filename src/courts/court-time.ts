import { dayAndTimeIn } from '../time-in-words.ts'
import type { Court } from './court.ts'
import { zoneInWords } from './office.ts'

/** A moment by the clock of a court: `November 3, 2026, 3:45 p.m. Eastern time`. */
export function momentAtCourt(at: Date, { timeZone }: Pick<Court, 'timeZone'>): string {
  return dayAndTimeIn(at, timeZone, zoneInWords(timeZone))
}
