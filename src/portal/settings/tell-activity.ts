import { type AccountEvent, listAccountEvents } from '../../audit/account-history.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import { listCourtNames } from '../../courts/store.ts'
import type { AccountId } from '../../ids.ts'
import { coarseNetwork } from '../../networks.ts'
import type { Database } from '../../storage/db.ts'
import { tellEvent, toldEvents } from './activity-words.ts'

export type ActivityDeps = { readonly db: Database; readonly directory: ClientDirectory }

/** An event of an account in words. */
export type ToldEvent = {
  readonly id: string
  readonly at: Date
  readonly event: string
  readonly text: string
  readonly network: string | undefined
}

/**
 * What happened to an account, as far as it is its holder's to know, the newest first.
 * @param page.olderThan the id of the last one of the page before; undefined: from the newest on.
 */
export async function listActivity(
  { db, directory }: ActivityDeps,
  accountId: AccountId,
  page: { readonly olderThan: string | undefined; readonly limit: number },
): Promise<ToldEvent[]> {
  const events = await listAccountEvents(db, accountId, { events: toldEvents, ...page })
  const courts = await listCourtNames(db, [
    ...new Set(events.flatMap(({ courtId }) => courtId ?? [])),
  ])
  return Promise.all(
    events.map(async (event) => {
      const client = event.clientId ? ((await directory.find(event.clientId))?.name ?? '') : ''
      const court = event.courtId ? (courts.get(event.courtId) ?? '') : ''
      const text = tellEvent(event, { client, court }, accountId) ?? ''
      const { id, recordedAt: at, event: name } = event
      return { id, at, event: name, text, network: networkIn(event, accountId) }
    }),
  )
}

/** What the holder sees of where something came from; of who works for the judiciary nothing. */
function networkIn(
  { ip, actorKind, actorId }: AccountEvent,
  holder: AccountId,
): string | undefined {
  const isSomebodyElse = actorKind === 'operator' || (actorKind === 'account' && actorId !== holder)
  return ip && !isSomebodyElse ? coarseNetwork(ip) : undefined
}
