import { expect } from 'vitest'
import { createPasswords } from '../../../src/accounts/password.ts'
import { byAccount } from '../../../src/audit/by.ts'
import { findCourt } from '../../../src/courts/store.ts'
import { proveOldLogin } from '../../../src/efiling/linking/prove-old-login.ts'
import { UnavailableError } from '../../../src/errors.ts'
import type { AccountId, CourtId } from '../../../src/ids.ts'
import { linkingDeps } from '../../../src/own-pages.ts'
import { sql } from '../../support/database.ts'
import { kit } from '../../support/kit.ts'
import { nora } from '../../support/people.ts'

const test = kit().override('people', [nora])

test('a try is given back when the passwords could not be looked at', async ({ signOn }) => {
  const { config, services } = signOn
  const { db, passwords } = services
  const [row] = await sql<{ id: AccountId }>(db, 'SELECT id FROM accounts LIMIT 1')
  const { id } = row!
  const court = (await findCourt(db, 'ncwd' as CourtId))!
  const account = { id, email: null, isEmailVerified: false }
  const tried = { account, court, login: 'jdoe', password: 'no', by: byAccount(id, {}) }
  // Its line is full before anybody waits.
  const { peppers } = passwords
  const full = createPasswords({ concurrency: 1, queue: 0, isStubbed: false, peppers })
  const deps = linkingDeps(config, services)
  for (let times = 0; times < 4; times += 1) {
    const answer = proveOldLogin({ ...deps, passwords: full }, tried)
    await expect(answer).rejects.toBeInstanceOf(UnavailableError)
  }
  await full.close()
  expect(await proveOldLogin(deps, tried)).toMatchObject({ ok: false, reason: 'wrong' })
})
