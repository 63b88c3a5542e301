import type { CourtId } from '../../ids.ts'

/**
 * Does something for one court after the other: what fails at one stops none of the others.
 * @throws AggregateError of what failed, which names the courts, once all have had their turn.
 */
export async function atEachCourt<Plan>(
  plans: ReadonlyMap<CourtId, Plan>,
  work: (courtId: CourtId, plan: Plan) => Promise<void>,
): Promise<void> {
  const faults = new Map<CourtId, unknown>()
  for (const [courtId, plan] of plans) {
    try {
      await work(courtId, plan)
    } catch (fault) {
      faults.set(courtId, fault)
    }
  }
  const [first] = faults.values()
  if (faults.size === 0) return
  const text = first instanceof Error ? first.message : String(first)
  throw new AggregateError(faults.values(), `failed at ${[...faults.keys()].join(', ')}: ${text}`)
}
