import type { By } from '../audit/by.ts'
import type { Checked } from '../problem.ts'
import type { Transaction } from '../storage/db.ts'
import {
  type ClientInput,
  type ClientPlan,
  planClient,
  type RegistrationRules,
} from './plan-client.ts'
import { readClientRow } from './store.ts'
import { writeClient } from './write-client.ts'

/**
 * Brings a client to what an apply file says of it, or registers it. Writes nothing when nothing
 * differs.
 * @returns what was done, or every problem of the registration.
 */
export async function syncClient(
  tx: Transaction,
  input: ClientInput,
  rules: RegistrationRules,
  by: By,
): Promise<Checked<ClientPlan>> {
  const planned = await planClient(await readClientRow(tx, input.id), input, rules)
  if (planned.ok) await writeClient(tx, planned.value, by)
  return planned
}
