import type { By } from '../audit/by.ts'
import { recordEvent } from '../audit/store.ts'
import { now, secondsFromNow } from '../clock.ts'
import type { Change } from '../problem.ts'
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
