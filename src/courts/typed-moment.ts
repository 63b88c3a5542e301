import { type Day, formatDay, momentsIn } from '../days.ts'
import { type Outcome, ok, refused } from '../outcome.ts'
import type { Court } from './court.ts'
import { zoneInWords } from './office.ts'

/** Why a day and a time name no one moment: the clocks change that night. */
export type NoOneMoment = 'skipped' | 'comes-twice'

/**
 * The moment at which the clock of a court shows that time of that day. In the nights in which the clocks
 * change a time may not exist, or come twice: then nobody knows which moment is meant.
 * @param time hours and minutes, `00:00` to `23:59`.
 */
export function momentOf(
  day: Day,
  time: string,
  { timeZone }: Pick<Court, 'timeZone'>,
): Outcome<Date, NoOneMoment> {
  const [first, second] = momentsIn(day, time, timeZone)
  if (!first) return refused('skipped')
  return second ? refused('comes-twice') : ok(first)
}

/** Why that is no one moment, and what to do. */
export function noOneMomentWords(
  reason: NoOneMoment,
  { day, time }: { readonly day: Day; readonly time: string },
  { timeZone }: Pick<Court, 'timeZone'>,
): string {
  const where = `On ${formatDay(day)} the clocks of ${zoneInWords(timeZone)} change`
  return reason === 'skipped'
    ? `${where} and skip ${time}: there is no such time. Say one before or after that hour.`
    : `${where} and show ${time} twice. Say a time before or after that hour.`
}
