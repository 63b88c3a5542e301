import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import { type AccountId, type ClientId, newAccountId } from '../../src/ids.ts'
import { refused } from '../../src/outcome.ts'
import { endAllOfAccount } from '../../src/sessions/end-all-of-account.ts'
import { endAllOfClient } from '../../src/sessions/end-all-of-client.ts'
import { endOtherSessions } from '../../src/sessions/end-other-sessions.ts'
import { endSession } from '../../src/sessions/end-session.ts'
import { findGrant, saveGrant } from '../../src/sessions/grant-store.ts'
import { findLiveSession, saveSession } from '../../src/sessions/session-store.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { kinds } from '../storage/databases.ts'
import { listAudited } from '../support/audited.ts'

const deps = { storedId: (id: string) => `stored ${id}` }
const olga = byOperator('olga')
const newId = () => randomBytes(9).toString('base64url')

describe.each(kinds)('over the $kind database', ({ open }) => {
  let db: Database
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ db, close } = await open())
  })
  afterAll(() => close())

  /** A session of somebody who is signed in to these clients, with a grant of each. */
  const signIn = async (accountId: AccountId, clientIds: readonly string[]) => {
    const [uid, id] = [newId(), newId()]
    const authorizations = Object.fromEntries(
      clientIds.map((clientId) => [clientId, { grantId: `${uid} ${clientId}` }]),
    )
    const payload = { accountId, authorizations }
    await saveSession(db, { id, uid, payload, expiresInSeconds: 600 })
    for (const [clientId, { grantId }] of Object.entries(authorizations)) {
      const grant = { id: deps.storedId(grantId), payload: { accountId, clientId } }
      await saveGrant(db, { ...grant, expiresInSeconds: 600 })
    }
    return { uid, id, accountId, clientIds }
  }
  type SignedIn = Awaited<ReturnType<typeof signIn>>

  /** Of its session and of its grants, which are alive. */
  const aliveOf = async ({ uid, clientIds }: SignedIn) => {
    const grants = await Promise.all(
      clientIds.map((clientId) => findGrant(db, deps.storedId(`${uid} ${clientId}`))),
    )
    return [
      ...((await findLiveSession(db, uid)) ? ['session'] : []),
      ...clientIds.filter((_, index) => grants[index] !== undefined),
    ]
  }
  const audited = async (accountId: AccountId) => {
    const events = await listAudited(db, undefined, { accountId })
    return events.map(({ event, clientId, actorKind, detail }) => [
      event,
      actorKind,
      clientId ?? (detail as { clients?: string[] }).clients,
    ])
  }

  test('one session ends with the grants of every client, and no other session does', async () => {
    const jane = newAccountId()
    const here = await signIn(jane, ['ncwd', 'vendor'])
    const there = await signIn(jane, ['ncwd'])
    const by = byAccount(jane, {})
    const about = { uid: here.uid, clientId: 'ncwd' as ClientId }
    await inTransaction(db, (tx) => endSession(tx, deps, about, by))
    expect([await aliveOf(here), await aliveOf(there)]).toEqual([[], ['session', 'ncwd']])
    expect(await audited(jane)).toEqual([['account.signed-out', 'account', 'ncwd']])
  })

  test('also with the grants of a client that only another tab knew of', async () => {
    const jane = newAccountId()
    const session = await signIn(jane, ['ncwd', 'ncwb'])
    // What is saved last does not name the other court.
    const payload = { accountId: jane, authorizations: { ncwd: {} } }
    await saveSession(db, { ...session, payload, expiresInSeconds: 600 })
    await inTransaction(db, (tx) => endSession(tx, deps, session, byAccount(jane, {})))
    expect(await aliveOf(session)).not.toContain('ncwb')
  })

  test('whoever ends the session of somebody else is told apart from its person', async () => {
    const jane = newAccountId()
    const session = await signIn(jane, ['ncwd'])
    await inTransaction(db, (tx) => endSession(tx, deps, session, olga))
    expect(await audited(jane)).toEqual([['session.ended', 'operator', ['ncwd']]])
  })

  test('asked for twenty times at once it ends once, with one audit row', async () => {
    const jane = newAccountId()
    const session = await signIn(jane, ['ncwd'])
    const asked = Array.from({ length: 20 }, () =>
      inTransaction(db, (tx) => endSession(tx, deps, session, olga), { milliseconds: 20_000 }),
    )
    // On a busy machine some do not get a connection in time; nobody ends it a second time.
    await Promise.allSettled(asked)
    expect(await aliveOf(session)).toEqual([])
    expect(await audited(jane)).toHaveLength(1)
  })

  test('what is rolled back has ended nothing and recorded nothing', async () => {
    const jane = newAccountId()
    const session = await signIn(jane, ['ncwd'])
    const ends = [
      (tx: Parameters<typeof endSession>[0]) => endSession(tx, deps, session, olga),
      (tx: Parameters<typeof endSession>[0]) => endAllOfAccount(tx, jane, olga),
      (tx: Parameters<typeof endSession>[0]) => endAllOfClient(tx, 'ncwd' as ClientId, olga),
    ]
    for (const end of ends) {
      await inTransaction(db, async (tx) => {
        await end(tx)
        return refused('not-possible')
      })
    }
    expect(await aliveOf(session)).toEqual(['session', 'ncwd'])
    expect(await audited(jane)).toEqual([])
  })

  test('all sessions of an account but one end, and that one keeps its grants', async () => {
    const [jane, nora] = [newAccountId(), newAccountId()]
    const here = await signIn(jane, ['ncwd', 'vendor'])
    const others = [await signIn(jane, ['ncwd', 'ncwb']), await signIn(jane, [])]
    const hers = await signIn(nora, ['ncwd'])
    const account = { id: jane, kept: here.uid }
    const ended = await inTransaction(db, (tx) =>
      endOtherSessions(tx, deps, account, byAccount(jane, {})),
    )
    expect(ended).toEqual({ sessions: 2, grants: 2 })
    expect(await aliveOf(here)).toEqual(['session', 'ncwd', 'vendor'])
    expect(await Promise.all(others.map(aliveOf))).toEqual([[], []])
    expect(await aliveOf(hers)).toEqual(['session', 'ncwd'])
    expect((await audited(jane)).sort()).toEqual([
      ['grant.revoked', 'account', 'ncwb'],
      ['grant.revoked', 'account', 'ncwd'],
      ['session.ended', 'account', []],
      ['session.ended', 'account', ['ncwb', 'ncwd']],
    ])
  })

  test('the session of somebody else is no reason to keep anything', async () => {
    const [jane, nora] = [newAccountId(), newAccountId()]
    const mine = await signIn(jane, ['ncwd'])
    const hers = await signIn(nora, ['ncwd'])
    const account = { id: jane, kept: hers.uid }
    const ended = await inTransaction(db, (tx) => endOtherSessions(tx, deps, account, olga))
    expect(ended).toEqual({ sessions: 1, grants: 1 })
    expect([await aliveOf(mine), await aliveOf(hers)]).toEqual([[], ['session', 'ncwd']])
  })

  test('all of an account ends, and no other account’s', async () => {
    const [jane, nora] = [newAccountId(), newAccountId()]
    const mine = [await signIn(jane, ['ncwd']), await signIn(jane, ['ncwb'])]
    const hers = await signIn(nora, ['ncwd'])
    const ended = await inTransaction(db, (tx) => endAllOfAccount(tx, jane, olga))
    expect(ended).toEqual({ sessions: 2, grants: 2 })
    expect(await Promise.all(mine.map(aliveOf))).toEqual([[], []])
    expect(await aliveOf(hers)).toEqual(['session', 'ncwd'])
    const again = await inTransaction(db, (tx) => endAllOfAccount(tx, jane, olga))
    expect(again).toEqual({ sessions: 0, grants: 0 })
    expect(await audited(jane)).toHaveLength(4)
  })

  test('all of a client ends in every session, and the sessions go on', async () => {
    const client = `client-${newId()}`
    const people = [newAccountId(), newAccountId()]
    const sessions = await Promise.all(people.map((each) => signIn(each, ['ncwd', client])))
    const ended = await inTransaction(db, (tx) => endAllOfClient(tx, client as ClientId, olga))
    expect(ended).toEqual({ sessions: 0, grants: 2 })
    for (const session of sessions) {
      expect(await aliveOf(session)).toEqual(['session', 'ncwd'])
      expect(await audited(session.accountId)).toEqual([['grant.revoked', 'operator', client]])
    }
  })

  test('a client with thousands of grants loses them with a row each', async () => {
    const client = `client-${newId()}`
    const clientId = client as ClientId
    const accountId = newAccountId()
    await db.prisma.grant.createMany({
      data: Array.from({ length: 2500 }, (_, index) => ({
        id: `${client} ${index}`,
        accountId,
        clientId,
        payload: {},
        expiresAt: new Date(Date.now() + 600_000),
      })),
    })
    const ended = await inTransaction(db, (tx) => endAllOfClient(tx, clientId, olga))
    expect(ended.grants).toBe(2500)
    expect(await audited(accountId)).toHaveLength(2500)
  })
})
