import type { Role } from '../../courts/roles.ts'
import type { Day } from '../../days.ts'
import type { CourtId } from '../../ids.ts'
import type { Action } from '../right.ts'

/** What an account was in the court's old system: linking grants the same, and nothing of an inactive one. */
export const importedStatuses = ['active', 'suspended', 'inactive'] as const
export type ImportedStatus = (typeof importedStatuses)[number]

/** An account of a court's old system, as the court exported it; never with its password. */
export type ImportedAccount = {
  readonly id: string
  readonly courtId: CourtId
  readonly login: string
  readonly name: string
  readonly email: string | null
  readonly barNumber: string | null
  readonly role: Role
  readonly status: ImportedStatus
  readonly isAdmitted: boolean
  /** The last day of the admission, where it ends. */
  readonly admittedUntil: Day | null
  readonly actions: readonly Action[]
  /** The last day of the right to file, where it ends. */
  readonly endsOn: Day | null
  /** Whether its old password can still be checked here. */
  readonly hasPassword: boolean
  readonly importedAt: Date
  readonly changedAt: Date
  /** When somebody last tried to link it and was refused. */
  readonly triedAt: Date | null
  /** When its address was told that too many tries were made. */
  readonly triesToldAt: Date | null
  /** A mail server refused its address for good. */
  readonly addressRefusedAt: Date | null
}

/** The form under which a login is found: old systems do not tell capital letters from small ones. */
export function canonicalLogin(login: string): string {
  return login.trim().toLowerCase()
}
