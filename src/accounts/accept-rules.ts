import type { By } from '../audit/by.ts'
import { auditInsert, auditValues } from '../audit/store.ts'
import { now } from '../clock.ts'
import type { AccountId } from '../ids.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { rulesAccepted } from './events.ts'
import { acceptedRulesSql, rulesVersion } from './rules-of-use.ts'

const writeAccepted: Statement = {
  name: 'account-accept-rules',
  text: `WITH accepted AS (UPDATE accounts a SET rules_version = $2, rules_accepted_at = $3::timestamptz
      WHERE a.id = $1::uuid AND ${acceptedRulesSql('a')} < $2 RETURNING 1)
    ${auditInsert(4, 'SELECT 1 FROM accepted')}`,
}

/** Notes that the holder accepts the present rules of use, with its audit row; once, however often it is said. */
export async function acceptRules(db: Queryable, accountId: AccountId, by: By): Promise<void> {
  const event = rulesAccepted({ accountId, version: rulesVersion, by })
  await db.query(writeAccepted, [accountId, rulesVersion, now(), ...auditValues(event)])
}
