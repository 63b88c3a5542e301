import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { timeUntil } from '../support/measure.ts'
import { type SignOn, startSignOn } from '../support/sign-on.ts'

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

let signOn: SignOn

beforeAll(async () => {
  signOn = await startSignOn({ storage: 'database' })
  await signOn.apply({ clients: [registration] })
})
afterAll(() => signOn.stop())

const find = (id: string) => signOn.services.directory.find(id)

describe('the directory of clients', () => {
  test('finds a client with its courts, and the same object while it does not change', async () => {
    const client = await find('court-app')
    expect(client).toMatchObject({ id: 'court-app', courts: [{ id: 'ncwd' }] })
    expect(await find('court-app')).toBe(client)
  })

  test.each(['nobody', '', '\0; DROP TABLE clients', 'x'.repeat(129)])(
    'does not know %j',
    async (id) => {
      expect(await find(id)).toBeUndefined()
    },
  )

  test('sees an edit, and one that is switched off, within a second or so', async () => {
    await signOn.apply({ clients: [{ ...registration, name: 'Another name' }] })
    const isRenamed = async () => (await find('court-app'))?.name === 'Another name'
    expect(await timeUntil(isRenamed)).toBeLessThan(1500)
    await signOn.apply({ clients: [{ ...registration, active: false }] })
    const isGone = async () => (await find('court-app')) === undefined
    expect(await timeUntil(isGone)).toBeLessThan(1500)
  })
})
