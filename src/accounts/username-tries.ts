import type { AccountId } from '../ids.ts'
import type { Problem } from '../problem.ts'
import { createWindowCounter, type WindowCounter } from '../storage/window-counter.ts'
import { inWords } from '../time-in-words.ts'

/** So many usernames one account may try in an hour: that a name is taken tells that it is somebody's. */
export const usernamesPerAccount = { points: 20, seconds: 3600 } as const

/** The usernames that the holder of an account tries for it. */
export type UsernameTries = {
  /** Counts one more. @returns for how many seconds no further one is looked at. */
  count(accountId: AccountId): Promise<number | undefined>
}

/** @throws UnavailableError from `count`, when the store does not answer. */
export function createUsernameTries(
  stores: Parameters<typeof createWindowCounter>[2],
): UsernameTries {
  const counter: WindowCounter = createWindowCounter('usernames', usernamesPerAccount, stores)
  return { count: async (accountId) => (await counter.count(accountId)).retryAfterSeconds }
}

/** What is said at the field, without having looked whether the name is taken. */
export function tooManyUsernames(retryAfterSeconds: number): Problem {
  const message = `You have tried many usernames within an hour. Wait ${inWords(retryAfterSeconds)}, then send it again`
  return { path: ['username'], message }
}
