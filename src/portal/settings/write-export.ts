import type { AccountId } from '../../ids.ts'
import { type KeptMailOfAccount, listMailsOf } from '../../mail/store.ts'
import { type ActivityDeps, listActivity } from './tell-activity.ts'

/** So many rows are in memory at once. */
const perPage = 500

/**
 * The file, bit by bit: what is there of an account once, then its two lists without an end, the newest
 * first. It is one JSON object; a file that broke off is none.
 * @param head as `readExport` gives it.
 */
export async function* writeExport(
  deps: ActivityDeps,
  accountId: AccountId,
  head: Record<string, unknown>,
): AsyncGenerator<string> {
  // Without its closing brace.
  yield JSON.stringify(head, null, 2).slice(0, -2)
  yield* writeList('messages', listMessages(deps, accountId))
  yield* writeList('activity', listEvents(deps, accountId))
  yield '\n}\n'
}

async function* writeList(
  name: string,
  pages: AsyncIterable<readonly object[]>,
): AsyncGenerator<string> {
  yield `,\n  ${JSON.stringify(name)}: [`
  let isFirst = true
  for await (const items of pages) {
    if (items.length === 0) continue
    const lines = items.map((item) => `\n    ${JSON.stringify(item)}`).join(',')
    yield isFirst ? lines : `,${lines}`
    isFirst = false
  }
  yield isFirst ? ']' : '\n  ]'
}

async function* listMessages({ db }: ActivityDeps, accountId: AccountId) {
  for (let after: KeptMailOfAccount | undefined; ; ) {
    const mails = await listMailsOf(db, accountId, { after, limit: perPage })
    yield mails.map(({ kind, to, createdAt, sentAt, refusedAt }) => ({
      kind,
      to,
      written_at: createdAt,
      sent_at: sentAt,
      refused_at: refusedAt,
    }))
    after = mails.at(-1)
    if (mails.length < perPage) return
  }
}

async function* listEvents(deps: ActivityDeps, accountId: AccountId) {
  for (let olderThan: string | undefined; ; ) {
    const events = await listActivity(deps, accountId, { olderThan, limit: perPage })
    yield events.map(({ at, event, text, network }) => ({
      at,
      event,
      text,
      network: network ?? null,
    }))
    olderThan = events.at(-1)?.id
    if (events.length < perPage) return
  }
}
