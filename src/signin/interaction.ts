import type { Context, Next } from 'koa'
import type { PersonFacts } from '../efiling/facts.ts'
import type { AccountId, ClientId, CourtId } from '../ids.ts'
import type { Outcome } from '../outcome.ts'
import type { Remembered } from './steps/situation.ts'

/** The prompts of the engine that OpenID Connect knows. Source: OpenID Connect Core 1.0 section 3.1.2.1. */
export type EnginePrompt = 'login' | 'select_account' | 'consent'

/** The one prompt of the engine for all the steps of ours, as stored interactions name it. */
export const ownPrompt = 'notice'
export type StoppedAt = EnginePrompt | typeof ownPrompt

/** One way from a court's request to the engine's answer, as a browser walks it. */
export type Interaction = {
  readonly uid: string
  readonly clientId: ClientId
  readonly loginHint: string | undefined
  readonly scopes: readonly string[]
  /** The claims that are asked for one by one. */
  readonly claims: readonly string[]
  /** The scopes whose claims and powers are asked for, in whichever of the two ways. */
  readonly wants: readonly string[]
  /** The `prompt` values that the client asked for. */
  readonly prompts: readonly string[]
  /** Why the engine did not answer at once. */
  readonly stoppedBy: { readonly name: StoppedAt; readonly reasons: readonly string[] }
  /** Who was signed in in this browser when it began. */
  readonly startedBy: AccountId | undefined
  readonly progress: Progress
}

/** What the person has done so far; kept with the interaction, and of no effect before its end. */
export type Progress = {
  /** Whose words these are; what somebody else said counts no more. */
  readonly accountId?: AccountId
  readonly login?: Login
  /** The answer to "who are you": go on as who is signed in, or sign in as somebody else. */
  readonly choice?: 'same' | 'other'
  /** The names of the steps that were read and left. */
  readonly seen?: readonly string[]
  /** The court before whose filing the responsibility to redact was confirmed. */
  readonly redaction?: { readonly courtId: CourtId }
  /** The legacy account is to be upgraded on the way. */
  readonly isUpgrading?: true
  readonly hasConsented?: true
  readonly hasGivenUp?: true
}

/** Who proved to be whom, in which way and when (epoch seconds). */
export type Login = {
  readonly accountId: AccountId
  readonly acr: string
  readonly amr: readonly string[]
  readonly at: number
  /** The stand of the account (`sign-in-stand.ts`) that it was proved at; the release before notes none. */
  readonly stand?: number | undefined
}

/** The session of this browser. */
export type BrowserSession = {
  readonly accountId: AccountId
  /** The stored form of its uid. */
  readonly uid: string
  /** `auth_time`, in epoch seconds. */
  readonly signedInAt: number
  /** Whether the step was passed in the sign-in of this session. */
  hasSeen(step: string, remembered: Remembered): boolean
}

/** Why a page of an interaction cannot be shown. */
export type LostCause =
  /** Older than its time, or never there. */
  | 'expired'
  /** It came to its end. */
  | 'used'
  /** The browser shows the mark of another one. */
  | 'other-browser'
  /** The browser shows no mark: another one, or one that keeps no cookies. */
  | 'no-cookie'

/** That an interaction is lost, with what is known of it. */
export type Lost<What> =
  | {
      readonly reason: Exclude<LostCause, 'expired' | 'used'>
    }
  | {
      readonly reason: 'expired'
      /** What the person need not do again. */
      readonly kept?: What | undefined
    }
  | {
      readonly reason: 'used'
      /** Who came in by it. */
      readonly usedBy?: AccountId | undefined
    }

/** What was done in an interaction that is over, and for how long it counts. */
export type Kept = { readonly progress: Progress; readonly secondsLeft: number }

/** The authorization server as these pages need it; `app.ts` provides it. */
export type Interactions = {
  find(ctx: Context, uid: string): Promise<Outcome<Interaction, Lost<Kept>>>
  /**
   * Keeps what the person has done. Each answer gives the interaction fifteen minutes more.
   * @returns false when another answer was faster: nothing is changed.
   */
  save(ctx: Context, uid: string, progress: Progress): Promise<boolean>
  /** Gives an answer that has to be mended the same time. */
  extend(ctx: Context, uid: string): Promise<void>
  /** Where the engine takes the interaction to its end. */
  endOf(interaction: Interaction): string
  /**
   * Takes the interaction to its end within this request: the browser is spared the way there and back.
   * @param facts of the person, for the courts of the client, where this request has read them.
   * @param next what stands behind these pages: the engine answers.
   */
  enter(
    ctx: Context,
    interaction: Interaction,
    facts: PersonFacts | undefined,
    next: Next,
  ): Promise<void>
  /** The session of this browser; undefined where nobody is signed in. */
  findSession(ctx: Context): Promise<BrowserSession | undefined>
  readonly password: { readonly acr: string; readonly amr: readonly string[] }
}
