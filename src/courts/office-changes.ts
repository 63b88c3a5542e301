import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../problem.ts'
import { type KeptOffice, type Office, zoneInWords } from './office.ts'

/** What differs between two versions of a court's list of offices, in words. */
export function officeChanges(
  before: readonly KeptOffice[],
  after: readonly KeptOffice[],
): readonly Change[] {
  const find = (offices: readonly KeptOffice[], id: string) =>
    offices.find((each) => each.id === id)
  const stayed = (offices: readonly KeptOffice[], others: readonly KeptOffice[]) =>
    offices.filter(({ id }) => find(others, id))
  const gone = before.filter(({ id }) => !find(after, id))
  const [was, is] = [stayed(before, after), stayed(after, before)]
  const isMoved = !isDeepStrictEqual(
    was.map(({ id }) => id),
    is.map(({ id }) => id),
  )
  const names = (offices: readonly KeptOffice[]) => offices.map(({ name }) => name).join('; ')
  return [
    ...gone.map((each) => ({ member: 'office', from: officeInWords(each), to: undefined })),
    ...after.flatMap((each) => {
      const known = find(before, each.id)
      const [from, to] = [known && officeInWords(known), officeInWords(each)]
      return from === to ? [] : [{ member: 'office', from, to }]
    }),
    ...(isMoved ? [{ member: 'order', from: names(was), to: names(is) }] : []),
  ]
}

/** `Charlotte, (704) 350-7400, Monday to Friday, 9 a.m. to 4 p.m. (Eastern time)`. */
export function officeInWords({ name, telephone, hours, timeZone }: Office): string {
  const about = [name, telephone ?? 'no telephone', hours ?? 'no hours']
  return `${about.join(', ')} (${zoneInWords(timeZone)})`
}
