import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import type { Change } from '../problem.ts'
import { endAllOfClient } from '../sessions/end-all-of-client.ts'
import type { Transaction } from '../storage/db.ts'
import { maximumSecretDays } from './client-secret.ts'
import { clientSaved } from './events.ts'
import type { ClientPlan } from './plan-client.ts'
import { writeClientCourts, writeClientRow, writeClientSecrets } from './store.ts'

/** Does what was planned, with its audit row; nothing where nothing changes. */
export async function writeClient(tx: Transaction, plan: ClientPlan, by: By): Promise<void> {
  const { after, digests, isNew, changes } = plan
  if (changes.length === 0) return
  const { courtIds, ...row } = after
  await writeClientRow(tx, row)
  await writeClientCourts(tx, row.id, courtIds)
  if (digests) {
    const expiresAt = secondsFromNow(maximumSecretDays * 86_400)
    await writeClientSecrets(tx, row.id, digests, { now: now(), expiresAt })
  }
  const fields = isNew ? [] : fieldsOf(changes)
  const change = isNew ? 'registered' : 'changed'
  await recordEvent(tx, clientSaved({ clientId: row.id, change, fields, by }))
  // What a client holds ends when it is switched off. A process that had just read it may give it more
  // for a second: that ends when it is switched on again, which revives nothing.
  if (!isNew && changes.some(({ member }) => member === 'active')) {
    await endAllOfClient(tx, row.id, by)
  }
}

/** As the audit names them: the metadata is one. */
function fieldsOf(changes: readonly Change[]): string[] {
  const names: Record<string, string> = { active: 'isActive', courts: 'courtIds' }
  const fields = changes.map(({ member }) => {
    const [first = ''] = member.split('.')
    return names[first] ?? first
  })
  return [...new Set(fields)]
}
