import { now } from '../clock.ts'
import type { PersonFacts } from '../efiling/facts.ts'
import type { AccountId } from '../ids.ts'

/** A redirect is followed at once, or its page is one of later and reads for itself. */
const longestMilliseconds = 2000
const most = 1000

/** What an answer was decided from, for the one page that the browser is sent to with it. */
export type AnsweredFacts = {
  keep(uid: string, facts: PersonFacts): void
  /** Once, and for this person alone; undefined where the page has to read them. */
  take(uid: string, accountId: AccountId | undefined): PersonFacts | undefined
}

/**
 * The page of the next step is asked for moments after the answer before it was taken, and shows what
 * that answer was decided from. Nothing is decided from them again: every answer reads anew. At another
 * process the page reads for itself.
 */
export function createAnsweredFacts(): AnsweredFacts {
  const kept = new Map<string, { readonly facts: PersonFacts; readonly until: number }>()
  return {
    keep(uid, facts) {
      const at = now().getTime()
      // The oldest come first. Those that nobody came for do not stay.
      for (const [old, { until }] of kept) {
        if (until > at && kept.size < most) break
        kept.delete(old)
      }
      kept.set(uid, { facts, until: at + longestMilliseconds })
    },
    take(uid, accountId) {
      const found = kept.get(uid)
      kept.delete(uid)
      const isGood = found && found.until > now().getTime() && found.facts.account.id === accountId
      return isGood ? found.facts : undefined
    },
  }
}
