import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import type { CourtId } from '../ids.ts'
import type { Transaction } from '../storage/db.ts'
import type { Court } from './court.ts'
import { courtVerifierChanged } from './events.ts'
import { listVerifiers, writeVerifier } from './verifier-store.ts'

/**
 * Whether old passwords of a court may be sent there: over https and on the court's own host, or on this machine,
 * which only development lets be called.
 */
export function isVerifierOf({ cmecfHost }: Pick<Court, 'cmecfHost'>, url: string): boolean {
  const { protocol, hostname, host } = new URL(url)
  if (hostname === 'localhost' || hostname === '127.0.0.1') return true
  return protocol === 'https:' && host === cmecfHost
}

/** Brings the address at which a court checks old logins to that of an apply file; null: there is none. */
export async function syncVerifier(
  tx: Transaction,
  courtId: CourtId,
  url: string | null,
  by: By,
): Promise<void> {
  const before = (await listVerifiers(tx, [courtId])).get(courtId) ?? null
  if (before === url) return
  await writeVerifier(tx, courtId, url)
  await recordEvent(tx, courtVerifierChanged({ courtId, isThere: url !== null, by }))
}
