import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import type { AddressCodes } from '../accounts/address-code.ts'
import type { ChangePasswordDeps } from '../accounts/change-password.ts'
import type { PasswordPolicy } from '../accounts/password-policy.ts'
import type { UsernameTries } from '../accounts/username-tries.ts'
import type { Client } from '../clients/client.ts'
import { cancelLabel } from '../clients/way-back.ts'
import { findFacts, type PersonFacts } from '../efiling/facts.ts'
import type { OldLoginDeps } from '../efiling/linking/prove-old-login.ts'
import { csrfToken } from '../http/csrf.ts'
import { requestOf } from '../http/request-context.ts'
import { signInCancelPath, signInPath } from '../paths.ts'
import type { Sealing } from '../signing/sealed-field.ts'
import type { ConfirmDeps } from './confirm-password.ts'
import type { BrowserSession, Interaction, Progress } from './interaction.ts'
import type { Person, Situation } from './steps/situation.ts'

/** What the steps need from outside. */
export type StepDeps = ConfirmDeps &
  ChangePasswordDeps & {
    readonly passwordPolicy: PasswordPolicy
    readonly csrfKey: KeyObject
    readonly password: { readonly acr: string; readonly amr: readonly string[] }
    /** Seals what a holder tells of oneself. */
    readonly sealing: Sealing
    readonly usernameTries: UsernameTries
    readonly addressCodes: AddressCodes
    /** What an old login of a court is shown with. */
    readonly linking: OldLoginDeps
  }

/** One request to the pages of an interaction, with what is known of it. */
export type Visit = Situation & {
  readonly ctx: Context
  readonly deps: StepDeps
  readonly interaction: Interaction
  readonly client: Client
  /** The session of the browser, whoever is to sign in here. */
  readonly session: BrowserSession | undefined
  /** The session of the browser, if it is that of the person. */
  readonly person: (Person & { readonly session: BrowserSession | undefined }) | undefined
  /** Somebody had proved a password here, and it counts no more (`ended-sign-in.ts`). */
  readonly hasEnded?: true
}

export function openVisit(
  deps: StepDeps,
  ctx: Context,
  about: {
    interaction: Interaction
    client: Client
    session: BrowserSession | undefined
    progress?: Progress
    /** The facts of the person, where they have been read. */
    facts?: PersonFacts | undefined
  },
  /** The visit as it stood a moment ago: what was read of the same person is not read again. */
  before?: Visit,
): Visit {
  const { interaction, client, session } = about
  const progress = about.progress ?? interaction.progress
  const person = personOf(interaction, progress, session)
  const isTheirs = progress.accountId === undefined || progress.accountId === person?.accountId
  let facts = about.facts && Promise.resolve<PersonFacts | undefined>(about.facts)
  return {
    ctx,
    deps,
    interaction,
    client,
    session,
    person,
    // What somebody else said in this interaction before is not this person's word.
    progress: person && !isTheirs ? {} : progress,
    facts() {
      if (!facts && before && before.person?.accountId === person?.accountId) return before.facts()
      if (!person) return Promise.resolve(undefined)
      const courtIds = client.courts.map((court) => court.id)
      facts ??= findFacts(deps.db, person.accountId, courtIds, person.session?.uid)
      return facts
    },
  }
}

/**
 * Who is it? Whoever proved it in this interaction; else whoever is signed in in this browser, unless
 * the request asks for a proof of its own.
 */
function personOf(
  interaction: Interaction,
  progress: Progress,
  session: BrowserSession | undefined,
): Visit['person'] {
  const { login } = progress
  if (login) {
    return {
      accountId: login.accountId,
      signedInAt: login.at,
      session: session?.accountId === login.accountId ? session : undefined,
    }
  }
  if (!session || progress.choice === 'other' || asksForProof(interaction, session))
    return undefined
  return { accountId: session.accountId, signedInAt: session.signedInAt, session }
}

/** Whether a session is not enough: the client wants a fresh proof, or another person. */
export function asksForProof(
  { stoppedBy, startedBy }: Interaction,
  session: BrowserSession,
): boolean {
  if (stoppedBy.name !== 'login') return session.accountId !== startedBy
  // Nobody was signed in when it began, and somebody is by now, in another tab.
  return stoppedBy.reasons.some((reason) => reason !== 'no_session')
}

/** The address of the interaction's page; it names the client, for the way back when it comes too late. */
export function addressOf({ interaction, client }: Pick<Visit, 'interaction' | 'client'>): string {
  return signInPath(interaction.uid, client.id)
}

/** What the form of a step needs; its token is good for this step of this interaction alone. */
export function formOf(visit: Visit, step: string) {
  return {
    nonce: requestOf(visit.ctx).nonce,
    action: addressOf(visit),
    cancelAction: signInCancelPath(visit.interaction.uid),
    cancelLabel: cancelLabel(visit.client),
    csrf: csrfToken(visit.deps.csrfKey, visit.interaction.uid, step),
  }
}

export function originOf(ctx: Context) {
  const { address, requestId } = requestOf(ctx)
  return { ip: address, requestId }
}
