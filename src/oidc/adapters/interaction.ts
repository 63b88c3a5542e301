import type { Adapter } from 'oidc-provider'
import { lifetimes } from '../../sessions/lifetimes.ts'
import { currentRequest } from '../engine.ts'
import type { InteractionRows } from '../interaction-rows.ts'
import { currentNotes } from '../request-notes.ts'
import { nothingStored } from './nothing-stored.ts'

/** Interactions, as far as the engine sees them: its own part of the row. */
export function interactionAdapter(rows: InteractionRows): Adapter {
  return {
    ...nothingStored,
    async upsert(id, payload, expiresIn) {
      await rows.open(currentRequest(), id, payload, expiresIn ?? lifetimes.interaction)
    },
    async find(id) {
      const ending = currentNotes()?.visit?.ending
      if (ending?.uid !== id) return rows.findPayload(id)
      // Whose session it is was decided when the session was looked up.
      const { session: _, ...row } = ending.row
      return rows.payloadOf(id, { ...row, result: ending.result })
    },
    async destroy(id) {
      // At its end the engine does so before the session is saved: it is used up with the session.
      if (currentNotes()?.visit?.ending) return
      await rows.destroy(id)
    },
  }
}
