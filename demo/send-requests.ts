/**
 * Fills the queue of the bankruptcy court: people who ask it for the right to file. What they ask is sent
 * once; a later start finds it as the clerks of the demo left it. It runs before the server, on its database.
 */
import { findByNumber } from '../src/accounts/store.ts'
import { byAccount } from '../src/audit/by.ts'
import { withDatabase } from '../src/cli/context.ts'
import { loadConfig } from '../src/config/config.ts'
import { findPractice } from '../src/courts/practice-store.ts'
import { moveRequest } from '../src/efiling/requests/move-request.ts'
import { type DraftContent, insertDraft, listRequestsOf } from '../src/efiling/requests/store.ts'
import type { CourtId } from '../src/ids.ts'
import { ok } from '../src/outcome.ts'
import { loadKeys } from '../src/signing/key-store.ts'
import { inTransaction } from '../src/storage/db.ts'

const courtId = 'ncwb' as CourtId

type Asked = Pick<DraftContent, 'kind' | 'role'> & {
  readonly number: string
  readonly chapter: string
}

const requests: readonly Asked[] = [
  { number: '7123481', kind: 'filing-only', role: 'attorney', chapter: 'Chapter 7' },
  { number: '7123482', kind: 'pro-hac-vice', role: 'pro-hac-vice', chapter: 'Chapter 11' },
  { number: '7123483', kind: 'non-attorney', role: 'limited-filer', chapter: 'Chapter 13' },
]

const config = loadConfig(process.env)
await withDatabase(config, await loadKeys(config), 'prepared', async ({ db }) => {
  const { version, questions, terms } = await findPractice(db, courtId)
  const label = questions.find(({ id }) => id === 'chapter')?.label ?? 'Chapter'
  for (const { number, kind, role, chapter } of requests) {
    const account = await findByNumber(db, number)
    if (!account) throw new Error(`nobody has the account number ${number}`)
    const accountId = account.id
    if ((await listRequestsOf(db, accountId)).length > 0) continue
    const sent = await inTransaction(db, async (tx) => {
      const draft = await insertDraft(
        tx,
        { accountId, courtId },
        {
          kind,
          role,
          practiceVersion: version,
          answers: [{ question: 'chapter', label, value: chapter }],
          deliveryFrequency: 'each-filing',
          deliveryFormat: 'html',
        },
      )
      if (!draft.ok) return draft
      const move = { kind: 'submitted', termsVersion: terms?.version } as const
      const moved = await moveRequest(tx, draft.value, move, byAccount(accountId, {}))
      return moved.ok ? ok() : moved
    })
    if (!sent.ok) throw new Error(`the request of ${number} was not sent: ${sent.reason}`)
  }
})
