import { isClientId } from '../ids.ts'
import type { Database } from '../storage/db.ts'
import type { Client } from './client.ts'
import { clientMay } from './client-state.ts'
import { findClient } from './store.ts'

/** How long one process may go on with a client it has read: an edit is live within a second. */
const freshMilliseconds = 1000
/** A fault is passed on to whoever asks next, so that one request does not wait for it twice. */
const faultMilliseconds = 20
const maximumEntries = 10_000

export type ClientDirectory = {
  /**
   * The client, unless there is none of that id or it is switched off. The same object again while
   * it does not change, so that what is derived from it can be kept beside it.
   */
  find(id: string): Promise<Client | undefined>
}

/**
 * Clients are asked for several times in every request and change a few times a year. Each process
 * keeps what it read for a second; requests that ask at the same moment share one read.
 */
export function createClientDirectory(db: Database): ClientDirectory {
  const entries = new Map<string, { readAt: number; client: Promise<Client | undefined> }>()
  const latest = new Map<string, { text: string; client: Client }>()

  /** The object that was given out before, as long as nothing in it has changed. */
  const sameIfUnchanged = (client: Client): Client => {
    const text = JSON.stringify(client)
    const before = latest.get(client.id)
    if (before?.text === text) return before.client
    latest.set(client.id, { text, client })
    return client
  }

  return {
    async find(id) {
      if (!isClientId(id)) return undefined
      const known = entries.get(id)
      if (known && Date.now() - known.readAt < freshMilliseconds) return known.client

      const client = findClient(db, id).then((found) =>
        found && clientMay(found, 'sign-people-in') ? sameIfUnchanged(found) : undefined,
      )
      entries.set(id, { readAt: Date.now(), client })
      const forget = () => {
        if (entries.get(id)?.client === client) entries.delete(id)
      }
      // An unknown id is not remembered, or a stranger would fill the map; a fault hardly outlives
      // the outage.
      client.then(
        (found) => found || forget(),
        () => setTimeout(forget, faultMilliseconds).unref(),
      )
      if (entries.size > maximumEntries) {
        const oldest = entries.keys().next().value!
        entries.delete(oldest)
        latest.delete(oldest)
      }
      return client
    },
  }
}
