import type { KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountFacts } from '../../accounts/account.ts'
import { canonicalEmail } from '../../accounts/email-address.ts'
import type { Passwords } from '../../accounts/password.ts'
import { findPassword } from '../../accounts/store.ts'
import type { By } from '../../audit/by.ts'
import { recordEvent } from '../../audit/store.ts'
import { now } from '../../clock.ts'
import type { Court } from '../../courts/court.ts'
import { UnavailableError } from '../../errors.ts'
import { keyedHash } from '../../ids.ts'
import { queueMail } from '../../mail/queue-mail.ts'
import { isMailAddress } from '../../mail/words.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { linkingRefused } from '../events.ts'
import { canonicalLogin, type ImportedAccount } from '../imported/imported-account.ts'
import { checkOldPassword } from '../imported/old-password.ts'
import {
  findImportedByLogin,
  findImportedHash,
  findLikelySettings,
  markTried,
  markTriesTold,
} from '../imported/store.ts'
import { findFilerAt } from '../right-store.ts'
import { type AskCourtDeps, askCourt } from './ask-court.ts'
import { findLinkOfImported, wasEverLinked } from './link-store.ts'
import { triedTooOftenMail } from './mails.ts'

/** Source: the rules for credentials of this service; a guess more than these is not looked at. */
export const linkTries = {
  ofAccount: { points: 3, seconds: 3600 },
  atTarget: { points: 10, seconds: 24 * 3600 },
  /** So many are not counted because the court's own system is silent. */
  whileSilent: { points: 3, seconds: 3600 },
} as const

export type OldLoginDeps = {
  readonly db: Database
  readonly passwords: Pick<Passwords, 'verify' | 'inThread' | 'peppers'>
  /** Keys what is stored by a login. */
  readonly key: KeyObject
  readonly triesOfAccount: WindowCounter
  readonly triesAtTarget: WindowCounter
  readonly triesWhileSilent: WindowCounter
  /** What the court's own verifier is asked with. */
  readonly asking: AskCourtDeps
}

/** What of an old account nobody links alone, however right the password is. */
export type OldAccountBar = 'imported-taken' | 'imported-inactive' | 'was-linked'

export function isOldAccountBar(
  refusal: OldLoginRefusal,
): refusal is Extract<OldLoginRefusal, { reason: OldAccountBar }> {
  return ['imported-taken', 'imported-inactive', 'was-linked'].includes(refusal.reason)
}

export type OldLoginRefusal =
  /** It is the password of the account itself. */
  | { readonly reason: 'own-password' }
  /** Of the account, at whatever court, or at this login: whether there is one is not told. */
  | {
      readonly reason: 'too-many'
      readonly of: 'account' | 'target'
      readonly retryAfterSeconds: number
    }
  /** The hash did not decide it, and the court's own system did not answer: nothing was counted. */
  | { readonly reason: 'court-silent' }
  /** Wrong login, wrong password, or nothing to check it against. */
  | { readonly reason: 'wrong' }
  /** It is right, and cannot be linked. */
  | { readonly reason: OldAccountBar }

/** The account that somebody knows the login of, and who said that it is right. */
export type ProvedLogin = {
  readonly imported: ImportedAccount
  readonly way: 'password' | 'verifier'
}

type Tried = {
  readonly account: Pick<AccountFacts, 'id' | 'email' | 'isEmailVerified'>
  readonly court: Pick<Court, 'id' | 'name' | 'cmecfHost'>
  readonly login: string
  readonly password: string
  readonly by: By
}

/**
 * No answer comes earlier: what differs in the work on a login that exists and on one that does not is less. A
 * check takes half a second at most.
 */
const floorMilliseconds = 500

/**
 * Whether somebody knows the login and the password of an account of the court's old system. A try is counted
 * before anything is looked at, atomically and for all processes; the password of the account itself, what is
 * right, and what could not be looked at count for nothing. The answer, its words and its time are the same whether the login exists.
 */
export async function proveOldLogin(
  deps: OldLoginDeps,
  tried: Tried,
): Promise<Outcome<ProvedLogin, OldLoginRefusal>> {
  const floor = sleep(floorMilliseconds)
  const answer = await look(deps, tried)
  await floor
  return answer
}

async function look(
  deps: OldLoginDeps,
  tried: Tried,
): Promise<Outcome<ProvedLogin, OldLoginRefusal>> {
  const { db } = deps
  const { account, court, login, password } = tried
  const imported = await findImportedByLogin(db, court.id, login)
  const counted = await count(deps, tried, imported)
  if (!counted.ok) return counted

  const { isOwn, isRight } = await check(deps, tried, imported).catch(async (error: unknown) => {
    // Nothing was told. Where the limits are gone, too, what is wrong is the first thing.
    if (error instanceof UnavailableError) await Promise.allSettled([counted.value()])
    throw error
  })
  if (isOwn) {
    await counted.value()
    return refused('own-password')
  }
  // Also about a login that was not imported: how long the court takes tells nobody whether it was.
  const answer = isRight ? undefined : await askCourt(db, deps.asking, court, { login, password })
  if (answer === 'silent') {
    // The hash was looked at all the same: it is no way to guess without end.
    const whileSilent = await deps.triesWhileSilent.count(account.id)
    if (whileSilent.retryAfterSeconds !== undefined) {
      await note(deps, tried, imported, 'wrong')
      return refused('too-many', {
        of: 'account' as const,
        retryAfterSeconds: whileSilent.retryAfterSeconds,
      })
    }
    await counted.value()
    return refused('court-silent')
  }
  if (!imported || !(isRight || answer === 'verified')) {
    await note(deps, tried, imported, 'wrong')
    return refused('wrong')
  }
  await counted.value()
  const reason = await findImportedBar(db, imported)
  if (reason) {
    await note(deps, tried, imported, reason)
    return refused(reason)
  }
  return ok({ imported, way: isRight ? 'password' : 'verifier' })
}

/**
 * Looks at a password in both ways before either is told: a try that could not be looked at in one of them has
 * taught nobody anything, and is given back.
 */
async function check(
  deps: OldLoginDeps,
  tried: Tried,
  imported: ImportedAccount | undefined,
): Promise<{ readonly isOwn: boolean; readonly isRight: boolean }> {
  const { db, passwords } = deps
  const { account, court, password } = tried
  const own = await findPassword(db, account.id)
  const isOwn = (await passwords.verify(password, own?.hash ?? undefined)) !== 'mismatch'
  const stored = imported && (await findImportedHash(db, imported.id))
  const likely = await findLikelySettings(db, court.id, placeOf(deps, tried))
  return { isOwn, isRight: await checkOldPassword(passwords, stored, password, likely) }
}

/** Which of the court's accounts a login without a hash is looked at as: always the same. */
function placeOf({ key }: OldLoginDeps, { court, login }: Tried): string {
  const mark = keyedHash(key, `old login as which ${court.id} ${canonicalLogin(login)}`)
  return Buffer.from(mark, 'base64url').toString('hex').slice(0, 32)
}

/** What nobody can link, however right it is. */
async function findImportedBar(
  db: Database,
  { id, courtId, status, login: filerId }: ImportedAccount,
): Promise<OldAccountBar | undefined> {
  if (status === 'inactive') return 'imported-inactive'
  const isTaken = (await findLinkOfImported(db, id)) ?? (await findFilerAt(db, courtId, filerId))
  if (isTaken) return 'imported-taken'
  return (await wasEverLinked(db, id)) ? 'was-linked' : undefined
}

/**
 * Counts a try of the account and one at the login. Whoever has the old account's address confirmed is not shut out
 * by what others try at it: such an account has a window of its own there.
 * @returns what takes the try back.
 */
async function count(
  deps: OldLoginDeps,
  { account, court, login, by }: Tried,
  imported: ImportedAccount | undefined,
): Promise<Outcome<() => Promise<void>, OldLoginRefusal>> {
  const { key, triesOfAccount, triesAtTarget } = deps
  const ofAccount = account.id
  const first = await triesOfAccount.count(ofAccount)
  if (first.retryAfterSeconds !== undefined) {
    return refused('too-many', {
      of: 'account' as const,
      retryAfterSeconds: first.retryAfterSeconds,
    })
  }
  const email = account.isEmailVerified ? account.email : null
  const isOwner =
    email !== null &&
    imported?.email !== null &&
    imported !== undefined &&
    canonicalEmail(email) === canonicalEmail(imported.email)
  const target = keyedHash(key, `old login ${court.id} ${canonicalLogin(login)}`)
  const atTarget = isOwner ? `${target} ${account.id}` : target
  const second = await triesAtTarget.count(atTarget)
  if (second.retryAfterSeconds !== undefined) {
    await triesOfAccount.giveBack(ofAccount)
    if (imported) await tellTarget(deps, court, imported, by)
    const { retryAfterSeconds } = second
    return refused('too-many', { of: 'target' as const, retryAfterSeconds })
  }
  return ok(async () => {
    await Promise.all([triesOfAccount.giveBack(ofAccount), triesAtTarget.giveBack(atTarget)])
  })
}

/** The address of the old account hears once a day that somebody tries; who it is, nobody is told. */
async function tellTarget(
  { db }: OldLoginDeps,
  court: Pick<Court, 'id' | 'name'>,
  { id, login, email }: ImportedAccount,
  by: By,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (!(await markTriesTold(tx, id, now()))) return
    const accountId = by.actor.kind === 'account' ? by.actor.id : undefined
    const about = { accountId, courtId: court.id, imported: id, why: 'too-many' as const, by }
    await recordEvent(tx, linkingRefused(about))
    if (email === null || !isMailAddress(email)) return
    const facts = { court: court.name, login }
    await queueMail(tx, { words: triedTooOftenMail, to: email, facts })
  })
}

async function note(
  { db }: OldLoginDeps,
  { account, court, by }: Tried,
  imported: ImportedAccount | undefined,
  why: 'wrong' | OldAccountBar,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    if (imported) await markTried(tx, imported.id, now())
    const about = { accountId: account.id, courtId: court.id, imported: imported?.id, why, by }
    await recordEvent(tx, linkingRefused(about))
  })
}
