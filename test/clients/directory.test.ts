import { describe, expect } from 'vitest'
import { kit } from '../support/kit.ts'
import { timeUntil } from '../support/measure.ts'

const registration = {
  id: 'court-app',
  kind: 'court',
  name: 'A court’s application',
  courts: ['ncwd'],
  secrets: ['s'.repeat(43)],
  metadata: {
    redirect_uris: ['https://ecf.ncwd.test/callback'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
}

const test = kit()
  .override('signOnOptions', { storage: 'database' })
  .extend(
    'find',
    { scope: 'file' },
    ({ signOn }) =>
      (id: string) =>
        signOn.services.directory.find(id),
  )

test.beforeAll(async ({ signOn }) => {
  await signOn.apply({ clients: [registration] })
})

describe('the directory of clients', () => {
  test('finds a client with its courts, and the same object while it does not change', async ({
    find,
  }) => {
    const client = await find('court-app')
    expect(client).toMatchObject({ id: 'court-app', courts: [{ id: 'ncwd' }] })
    expect(await find('court-app')).toBe(client)
  })

  test.for(['nobody', '', '\0; DROP TABLE clients', 'x'.repeat(129)])(
    'does not know %j',
    async (id, { find }) => {
      expect(await find(id)).toBeUndefined()
    },
  )

  test('sees an edit, and one that is switched off, within a second or so', async ({
    signOn,
    find,
  }) => {
    await signOn.apply({ clients: [{ ...registration, name: 'Another name' }] })
    const isRenamed = async () => (await find('court-app'))?.name === 'Another name'
    expect(await timeUntil(isRenamed)).toBeLessThan(1500)
    await signOn.apply({ clients: [{ ...registration, active: false }] })
    const isGone = async () => (await find('court-app')) === undefined
    expect(await timeUntil(isGone)).toBeLessThan(1500)
  })
})
