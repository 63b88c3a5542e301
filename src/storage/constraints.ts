import { type Outcome, ok, refused } from '../outcome.ts'
import { violatedConstraint } from './faults.ts'

/**
 * Runs a write of the store that owns the table, and answers with its reason where one of these
 * constraints refuses it. PostgreSQL does nothing more in a transaction after that: it can only end
 * with the refusal.
 * @param reasons by the constraint's name in the database; any other one is a fault.
 */
export async function unlessRefused<Value, Reason extends string>(
  reasons: Readonly<Record<string, Reason>>,
  write: () => PromiseLike<Value>,
): Promise<Outcome<Value, Reason>> {
  try {
    return ok(await write())
  } catch (error) {
    const reason = reasons[violatedConstraint(error) ?? '']
    if (reason === undefined) throw error
    return refused(reason)
  }
}
