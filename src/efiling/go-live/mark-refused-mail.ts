import { now } from '../../clock.ts'
import type { CourtId } from '../../ids.ts'
import type { Transaction } from '../../storage/db.ts'
import { markAddressRefused } from '../imported/store.ts'
import { markNoticesRefused } from './notice-store.ts'

/**
 * A mail server refused this mail about a court for good: every account of the court with its address is marked,
 * and what the mail told of a go-live counts as told to nobody. So whoever has another address later is told.
 */
export async function markRefusedAtCourt(
  tx: Transaction,
  courtId: CourtId,
  mail: { readonly id: string; readonly to: string },
): Promise<void> {
  const at = now()
  await markAddressRefused(tx, courtId, mail.to, at)
  await markNoticesRefused(tx, mail.id, at)
}
