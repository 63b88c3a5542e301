import { findAccount } from '../accounts/store.ts'
import { sealEvents, verifyChain } from '../audit/chain.ts'
import { type FoundEvent, type SearchKey, searchEvents, searchKeys } from '../audit/search.ts'
import { type Context, tableLines } from './context.ts'

/** From the last checkpoint on; with `all` from the first event. */
export async function verifyAudit({ db, keys }: Context, all: boolean): Promise<number> {
  await sealEvents(db)
  const report = await verifyChain(db, keys.secrets.checkpoints, { all })
  if (!report.ok) {
    console.error(`The audit is broken at event ${report.brokenAt}, after ${report.sealed}.`)
    return 1
  }
  const { sealed, skipped, unknown } = report.value
  if (unknown > 0) {
    console.log(`${unknown} events are of a later release, which alone can check them.`)
  }
  console.log(
    skipped > 0
      ? `The audit is intact: ${sealed} events, ${sealed - skipped} of them since the last check. (--all walks all of them.)`
      : `The audit is intact: ${sealed} events.`,
  )
  return 0
}

const mostShown = 200

/** The newest events about somebody or something, the newest last, with who acted. */
export async function showEvents(context: Context, by: string, value: string): Promise<number> {
  const key = searchKeys.find((each) => each === by)
  if (!key) {
    console.error(`Events are found by ${searchKeys.join(', ')}, not by ${by}.`)
    return 1
  }
  const id = await idOf(context, key, value)
  if (id === undefined) {
    console.error(`There is no account ${value}; it is found by its number, username or id.`)
    return 1
  }
  const events = await searchEvents(context.db, key, id, mostShown)
  if (events.length === 0) {
    console.log('No events.')
    return 0
  }
  const rows = events.reverse().map(eventRow)
  const heads = ['id', 'when', 'event', 'who', 'for', 'account', 'client', 'court', 'request', '']
  for (const line of tableLines([heads, ...rows])) console.log(line)
  if (events.length === mostShown) console.log(`These are the newest ${mostShown}.`)
  return 0
}

/** An account is named as in every command; its events have its id. */
async function idOf({ db }: Context, key: SearchKey, value: string): Promise<string | undefined> {
  if (key !== 'account') return value
  return (await findAccount(db, value))?.id
}

function eventRow(event: FoundEvent): string[] {
  const { actor, ...detail } = event.detail
  const about = Object.entries(detail).map(([name, value]) => `${name}=${valueText(value)}`)
  return [
    event.id,
    event.recordedAt.toISOString().slice(0, 19),
    event.outcome === 'success' ? event.event : `${event.event} (${event.outcome})`,
    actorText(event, actor),
    event.principalId ?? '-',
    event.accountId ?? '-',
    event.clientId ?? '-',
    event.courtId ?? '-',
    event.requestId?.slice(0, 8) ?? '-',
    about.join(' '),
  ]
}

/** Events of the first form have an operator in their detail, or nobody. */
function actorText({ actorKind, actorId }: FoundEvent, inDetail: unknown): string {
  if (actorKind) return actorId ? `${actorKind}:${actorId}` : actorKind
  return typeof inDetail === 'string' ? inDetail : '-'
}

function valueText(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value)
}
