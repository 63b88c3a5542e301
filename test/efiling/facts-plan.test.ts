import { Client } from 'pg'
import { expect } from 'vitest'
import { findByNumber } from '../../src/accounts/store.ts'
import { factsJson } from '../../src/efiling/facts.ts'
import { kit } from '../support/kit.ts'
import { jane } from '../support/people.ts'

const test = kit().override('people', [jane])

test('the facts of a person are planned once for a connection, and not for each question', async ({
  signOn,
}) => {
  const client = new Client({ connectionString: signOn.config.database.url })
  await client.connect()
  const id = (await findByNumber(signOn.services.db, jane.number))!.id
  const text = `SELECT ${factsJson('$2', '$3', '$4')} AS facts FROM accounts a WHERE a.id = $1::uuid`
  for (let n = 0; n < 20; n += 1) {
    await client.query({ name: 'facts', text, values: [id, ['ncwd'], null, new Date()] })
  }
  const { rows } = await client.query(
    'SELECT generic_plans::int, custom_plans::int FROM pg_prepared_statements',
  )
  await client.end()
  // PostgreSQL tries five plans of its own before it compares.
  expect(rows).toEqual([{ generic_plans: 15, custom_plans: 5 }])
})
