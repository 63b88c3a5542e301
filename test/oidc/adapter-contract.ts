import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AdapterPayload } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newRefreshTokenId } from '../../src/sessions/refresh-token-id.ts'
import type { OpenAdapter } from './open-adapter.ts'

export type StorageUnderTest = OpenAdapter & {
  readonly accountId: string
  /** A registered client. */
  readonly clientId: string
  /** Every row and every key and value there is, as text. */
  dump(): Promise<string>
  /** Consumes `count` times in each of two other processes at once; what each call met. */
  consumeInTwoProcesses(model: string, id: string, count: number): Promise<string[]>
}

const newId = (model?: string) =>
  model === 'RefreshToken' ? newRefreshTokenId() : randomBytes(32).toString('base64url')

const isInTenMinutes = (exp: number) => Math.abs(exp - Date.now() / 1000 - 600) < 5

const tokenModels = ['RefreshToken', 'AuthorizationCode', 'AccessToken'] as const
const singleUseModels = ['AuthorizationCode'] as const
const allModels = [
  'Session',
  'Grant',
  ...tokenModels,
  'Interaction',
  'PushedAuthorizationRequest',
  'ReplayDetection',
] as const
type Model = (typeof allModels)[number]

/**
 * What every storage has to do for the engine; `open` gives one that nobody else uses.
 * @param processes how many can share it: the embedded database admits one.
 */
export function describeAdapter(
  name: string,
  processes: 'one-process' | 'many-processes',
  open: () => Promise<StorageUnderTest>,
): void {
  describe(`the adapter over ${name}`, () => {
    let storage: StorageUnderTest
    beforeAll(async () => {
      storage = await open()
    })
    afterAll(() => storage.close())

    const payloadOf = (model: Model, id: string, grantId = newId()): AdapterPayload => {
      const { accountId, clientId } = storage
      const common = { kind: model, jti: id, iat: 1_795_000_000, exp: 1_795_003_600 }
      switch (model) {
        case 'Session':
          return { ...common, uid: newId(), accountId, loginTs: 1_795_000_000, authorizations: {} }
        case 'Grant':
          return { ...common, accountId, clientId, openid: { scope: 'openid pacer' } }
        case 'Interaction':
          return {
            ...common,
            returnTo: `https://sso.test/oidc/auth/${id}`,
            params: { client_id: clientId, state: 'a state' },
            prompt: { name: 'login', reasons: ['no_session'], details: {} },
            session: { uid: newId(), accountId },
          }
        case 'PushedAuthorizationRequest':
          return { ...common, request: 'a.pushed.request' }
        case 'ReplayDetection':
          return { ...common, iss: clientId }
        default:
          return { ...common, accountId, clientId, grantId, scope: 'openid', sessionUid: newId() }
      }
    }

    /** Stores one of the model, with the grant that it needs to be alive. */
    const save = async (model: Model, expiresIn = 600, change: AdapterPayload = {}) => {
      const id = newId(model)
      const payload = { ...payloadOf(model, id), ...change }
      if (payload.grantId) await saveGrant(payload.grantId)
      await storage.adapter(model).upsert(id, payload, expiresIn)
      return { id, payload, grantId: payload.grantId! }
    }
    const saveGrant = (id: string) =>
      storage.adapter('Grant').upsert(id, payloadOf('Grant', id), 600)
    const find = (model: Model, id: string) => storage.adapter(model).find(id)

    describe.each(allModels)('%s', (model) => {
      test('is found as it was stored, and again as it was stored last', async () => {
        const { id, payload } = await save(model)
        // A use extends the life of a refresh token without writing it anew: its row knows the end.
        const end = model === 'RefreshToken' && { exp: expect.toSatisfy(isInTenMinutes) }
        expect(await find(model, id)).toEqual({ ...payload, ...end })
        const later = { ...payload, iat: 1_795_000_060, more: { nested: ['ä', '漢', '😀'] } }
        await storage.adapter(model).upsert(id, later, 600)
        expect(await find(model, id)).toEqual({ ...later, ...end })
      })

      test('is not found under another identifier, nor as another model', async () => {
        const { id } = await save(model)
        expect(await find(model, newId(model))).toBeUndefined()
        for (const other of allModels.filter((candidate) => candidate !== model)) {
          expect(await find(other, id)).toBeUndefined()
        }
      })

      test('is gone after it was destroyed, and destroying it again is no fault', async () => {
        const { id } = await save(model)
        const { id: other } = await save(model)
        await storage.adapter(model).destroy(id)
        await storage.adapter(model).destroy(id)
        expect(await find(model, id)).toBeUndefined()
        expect(await find(model, other)).toBeDefined()
      })
    })

    test('everything is gone after its time, used or not', async () => {
      const saved = await Promise.all(
        allModels.map(async (model) => ({ model, ...(await save(model, 1)) })),
      )
      const used = await Promise.all(
        [...singleUseModels, 'PushedAuthorizationRequest' as const].map(async (model) => {
          const one = { model, ...(await save(model, 1)) }
          await storage.adapter(model).consume(one.id)
          return one
        }),
      )
      await sleep(1200)
      for (const { model, id } of [...saved, ...used]) {
        expect([model, await find(model, id)]).toEqual([model, undefined])
      }
    })

    test('a session is found by its uid, under whatever identifier it lives', async () => {
      const { id, payload } = await save('Session')
      const sessions = storage.adapter('Session')
      expect(await sessions.findByUid(payload.uid!)).toMatchObject({ uid: payload.uid })
      expect(await sessions.findByUid(newId())).toBeUndefined()

      const nextId = newId()
      await sessions.upsert(nextId, { ...payload, jti: nextId }, 600)
      await sessions.destroy(id)
      expect(await sessions.find(id)).toBeUndefined()
      expect(await sessions.find(nextId)).toMatchObject({ uid: payload.uid })
      expect(await sessions.findByUid(payload.uid!)).toMatchObject({ uid: payload.uid })

      await sessions.upsert(id, payload, 600)
      expect(await sessions.find(id)).toBeUndefined()
    })

    test('two saves of one session at once keep what each knows of its own court', async () => {
      const { id, payload } = await save('Session')
      const at = (court: string) => ({
        ...payload,
        authorizations: { [court]: { sid: `sid-${court}`, grantId: `grant-${court}` } },
      })
      await Promise.all(
        ['ncwd', 'ncwb', 'ca4'].map((court) =>
          storage.adapter('Session').upsert(id, at(court), 600),
        ),
      )
      expect((await find('Session', id))?.authorizations).toEqual({
        ncwd: { sid: 'sid-ncwd', grantId: 'grant-ncwd' },
        ncwb: { sid: 'sid-ncwb', grantId: 'grant-ncwb' },
        ca4: { sid: 'sid-ca4', grantId: 'grant-ca4' },
      })
    })

    test('a session that was ended is never resurrected, and its tokens are dead', async () => {
      const { id, payload } = await save('Session')
      const tokens = await Promise.all(
        tokenModels.map(async (model) => ({
          model,
          ...(await save(model, 600, { sessionUid: payload.uid! })),
        })),
      )
      for (const { model, id: token } of tokens) expect(await find(model, token)).toBeDefined()

      await storage.endSession(payload.uid!)
      await storage.adapter('Session').upsert(id, payload, 600)
      const otherId = newId()
      await storage.adapter('Session').upsert(otherId, { ...payload, jti: otherId }, 600)
      expect(await find('Session', id)).toBeUndefined()
      expect(await find('Session', otherId)).toBeUndefined()
      expect(await storage.adapter('Session').findByUid(payload.uid!)).toBeUndefined()
      for (const { model, id: token } of tokens) {
        expect([model, await find(model, token)]).toEqual([model, undefined])
      }
    })

    describe.each(['Grant', ...tokenModels] as const)('revoking a grant through %s', (model) => {
      test('kills what is under it, also what is stored afterwards, and nothing else', async () => {
        const grantId = newId()
        const mine = await Promise.all(tokenModels.map((each) => save(each, 600, { grantId })))
        const others = await Promise.all(tokenModels.map((each) => save(each)))
        const interaction = await save('Interaction', 600, { grantId })

        await storage.adapter(model).revokeByGrantId(grantId)
        const late = await Promise.all(
          tokenModels.map(async (each) => {
            const id = newId(each)
            await storage.adapter(each).upsert(id, payloadOf(each, id, grantId), 600)
            return { id }
          }),
        )
        await saveGrant(grantId)

        expect(await find('Grant', grantId)).toBeUndefined()
        for (const [index, each] of tokenModels.entries()) {
          expect(await find(each, mine[index]!.id)).toBeUndefined()
          expect(await find(each, late[index]!.id)).toBeUndefined()
          expect(await find(each, others[index]!.id)).toBeDefined()
          expect(await find('Grant', others[index]!.grantId)).toBeDefined()
        }
        // Another person may sign in on the page that one left open.
        expect(await find('Interaction', interaction.id)).toBeDefined()
      })
    })

    test('a token whose grant never was is dead, and so is one whose account is gone', async () => {
      for (const model of tokenModels) {
        const id = newId(model)
        await storage.adapter(model).upsert(id, payloadOf(model, id), 600)
        expect(await find(model, id)).toBeUndefined()
        const orphan = await save(model, 600, { accountId: randomUUID() })
        expect(await find(model, orphan.id)).toBeUndefined()
      }
    })

    describe.each(singleUseModels)('using a %s', (model) => {
      test('marks it, and whoever comes second loses the grant', async () => {
        const { id, grantId } = await save(model)
        const before = Math.floor(Date.now() / 1000)
        await storage.adapter(model).consume(id)
        const found = await find(model, id)
        expect(found?.consumed).toBeGreaterThanOrEqual(before)
        expect(found?.consumed).toBeLessThanOrEqual(before + 2)

        await expect(storage.adapter(model).consume(id)).rejects.toMatchObject({
          error: 'invalid_grant',
        })
        expect(await find('Grant', grantId)).toBeUndefined()
        expect((await storage.listReused()).at(-1)).toEqual({
          model,
          accountId: storage.accountId,
          clientId: storage.clientId,
        })
      })

      test('fifty times at once lets exactly one win; the grant is revoked', async () => {
        const { id, grantId } = await save(model)
        const results = await Promise.allSettled(
          Array.from({ length: 50 }, () => storage.adapter(model).consume(id)),
        )
        const reasons = results.flatMap((result) =>
          result.status === 'rejected' ? [(result.reason as { error: string }).error] : [],
        )
        expect(reasons).toEqual(Array.from({ length: 49 }, () => 'invalid_grant'))
        expect(await find('Grant', grantId)).toBeUndefined()
      })

      if (processes === 'many-processes') {
        test('twenty-five times in each of two processes lets exactly one win', async () => {
          const { id, grantId } = await save(model)
          const outcomes = await storage.consumeInTwoProcesses(model, id, 25)
          expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1)
          expect(outcomes.filter((outcome) => outcome === 'invalid_grant')).toHaveLength(49)
          expect(await find('Grant', grantId)).toBeUndefined()
        })
      }
    })

    test('a pushed request is used once, however many ask at once', async () => {
      const { id } = await save('PushedAuthorizationRequest')
      const results = await Promise.allSettled(
        Array.from({ length: 50 }, () => storage.adapter('PushedAuthorizationRequest').consume(id)),
      )
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason.error).toBe('invalid_request_uri')
      }
      expect(await find('PushedAuthorizationRequest', id)).toHaveProperty('consumed')
    })

    test('a one-time identifier is new once among fifty, and again after its time', async () => {
      const id = newId()
      const claims = await Promise.all(Array.from({ length: 50 }, () => storage.insertOnce(id, 1)))
      expect(claims.filter(Boolean)).toHaveLength(1)
      await sleep(1200)
      expect(await storage.insertOnce(id, 60)).toBe(true)
      expect(await storage.insertOnce(id, 60)).toBe(false)
    })

    test('no identifier is stored in clear', async () => {
      const ids = await Promise.all(
        allModels
          .filter((model) => model !== 'Grant')
          .map(async (model) => {
            const { id, payload } = await save(model, 600)
            if (model === 'Session') {
              const cookie = newId()
              await save('Interaction', 600, {
                session: { uid: payload.uid!, cookie, accountId: storage.accountId } as never,
              })
              return [id, cookie]
            }
            return [id]
          }),
      )
      const dump = await storage.dump()
      expect(dump).toContain(storage.clientId)
      for (const id of ids.flat()) expect(dump).not.toContain(id)
    })
  })
}
