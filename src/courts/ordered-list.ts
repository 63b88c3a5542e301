import { type Outcome, ok, refused } from '../outcome.ts'

/** What stands in a list whose order somebody decides. */
type Listed = { readonly id: string }

/** Why a list stays as it is. */
export type ListRefusal = 'too-many' | 'not-there'

/** The list with one more at its end. */
export function withAdded<Item extends Listed>(
  items: readonly Item[],
  item: Item,
  most: number,
): Outcome<readonly Item[], ListRefusal> {
  return items.length < most ? ok([...items, item]) : refused('too-many')
}

/** The list with another in the place of the one with the same id. */
export function withChanged<Item extends Listed>(
  items: readonly Item[],
  item: Item,
): Outcome<readonly Item[], ListRefusal> {
  const index = items.findIndex(({ id }) => id === item.id)
  return index < 0 ? refused('not-there') : ok(items.with(index, item))
}

export function withoutItem<Item extends Listed>(
  items: readonly Item[],
  id: string,
): Outcome<readonly Item[], ListRefusal> {
  const rest = items.filter((item) => item.id !== id)
  return rest.length === items.length ? refused('not-there') : ok(rest)
}

/** The list with one a place nearer to its beginning or its end; at either end it stays. */
export function withMoved<Item extends Listed>(
  items: readonly Item[],
  id: string,
  to: 'up' | 'down',
): Outcome<readonly Item[], ListRefusal> {
  const index = items.findIndex((item) => item.id === id)
  const item = items[index]
  if (!item) return refused('not-there')
  const other = items[index + (to === 'up' ? -1 : 1)]
  if (!other) return ok(items)
  return ok(items.with(items.indexOf(other), item).with(index, other))
}
