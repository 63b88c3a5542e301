import type { AccountId } from '../ids.ts'
import type { StaffRole } from '../staff/role.ts'
import type { Queryable } from '../storage/db.ts'

/** Something that waits for whoever opens the start page. */
export type WaitingThing = {
  /** Kebab-case; of one page. */
  readonly id: string
  readonly count: number
  /** With the number in it: `2 roles wait for a second registrar`. */
  readonly sentence: string
  /** Where it is done. */
  readonly path: string
}

/** Whoever opens the start page. */
export type WaitingReader = {
  readonly accountId: AccountId
  readonly roles: readonly StaffRole[]
}

/** What one feature says of what waits; nothing is personal in it, for nobody records that it was read. */
export type WaitingSource = {
  /** Whoever has one of these is asked for. */
  readonly roles: readonly StaffRole['role'][]
  list(db: Queryable, reader: WaitingReader): Promise<readonly WaitingThing[]>
}
