import { type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Client } from '../clients/client.ts'
import { epochSeconds } from '../clock.ts'
import { keyedHash } from '../ids.ts'
import type { ReadHint } from './id-token-hint.ts'

/** Why the browser is not sent back where a sign-out request wants it. */
export const signOutProblems = [
  'hint-unreadable',
  'hint-not-ours',
  'clients-differ',
  'client-unknown',
  'address-not-registered',
  'parameter-twice',
  'state-too-long',
  'form-unreadable',
] as const
export type SignOutProblem = (typeof signOutProblems)[number]

/** A sign-out request, looked at. */
export type SignOutRequest = {
  /** The application that asks, where the request says so and it is registered. */
  readonly client: Client | undefined
  /** The registered address to go to afterwards, and what the application wants to find there. */
  readonly returnTo: string | undefined
  readonly state: string | undefined
  /** Whether an ID token of this account came with it: then its application may end the session. */
  isProvenFor(accountId: string): boolean
  /** The hint of this request in a few characters, for `hint_proof`; undefined without a good one. */
  readonly proof: string | undefined
  readonly problem: SignOutProblem | undefined
}

const maximumStateBytes = 4096
/** A proof is for the redirect that follows at once. */
const proofSeconds = 60

export type SignOutRequestDeps = {
  readHint: ReadHint
  findClient(id: string): Promise<Client | undefined>
  /** Signs proofs. */
  readonly key: KeyObject
}

/**
 * Looks at a sign-out request. Whatever is wrong with it, the person can be asked and signed out: a
 * problem only takes away the way back to the application, and its right to end a session unasked.
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html section 2
 */
export async function readSignOutRequest(
  deps: SignOutRequestDeps,
  parameters: URLSearchParams,
): Promise<SignOutRequest> {
  const hintText = parameters.get('id_token_hint') ?? undefined
  const hint = hintText ? await deps.readHint(hintText) : undefined
  const named = parameters.get('client_id') || undefined
  const clientId = hint?.ok ? hint.value.clientId : named
  const client = clientId === undefined ? undefined : await deps.findClient(clientId)
  const address = parameters.get('post_logout_redirect_uri') || undefined
  const state = parameters.get('state') ?? undefined

  const isRegistered = (uri: string) => client?.metadata.post_logout_redirect_uris.includes(uri)
  const problem = ((): SignOutProblem | undefined => {
    const names = [...parameters.keys()]
    if (new Set(names).size < names.length) return 'parameter-twice'
    if (hint && !hint.ok) return hint.reason
    if (hint?.ok && named !== undefined && named !== hint.value.clientId) return 'clients-differ'
    if (clientId !== undefined && !client) return 'client-unknown'
    if (Buffer.byteLength(state ?? '') > maximumStateBytes) return 'state-too-long'
    // Without a client an address is ignored, as the standard has it: nobody is sent there.
    if (client && address !== undefined && !isRegistered(address)) return 'address-not-registered'
    return signOutProblems.find((known) => known === parameters.get('problem'))
  })()

  const sign = (seconds: string, accountId: string) =>
    `${seconds}.${keyedHash(deps.key, JSON.stringify(['hint-proof', seconds, clientId, accountId]))}`
  const presented = parameters.get('hint_proof') ?? ''
  const [presentedAt = ''] = presented.split('.')
  const isFresh = Math.abs(epochSeconds() - Number(presentedAt)) <= proofSeconds
  const good = hint?.ok && !problem ? hint.value : undefined
  return {
    client,
    returnTo: !problem && client ? address : undefined,
    state: problem ? undefined : state,
    isProvenFor(accountId) {
      if (problem) return false
      if (good) return good.accountId === accountId
      return isFresh && isSame(presented, sign(presentedAt, accountId))
    },
    proof: good && sign(String(epochSeconds()), good.accountId),
    problem,
  }
}

/** The address to go to, with the state that the application gave; undefined when there is none. */
export function returnAddress({ returnTo, state }: SignOutRequest): string | undefined {
  if (returnTo === undefined) return undefined
  const url = new URL(returnTo)
  if (state !== undefined) url.searchParams.set('state', state)
  return url.href
}

/** The same request without the token, so that it fits into an address or a form. */
export function shortParameters(request: SignOutRequest): Record<string, string> {
  const { client, returnTo, state, problem } = request
  return {
    ...(client && { client_id: client.id }),
    ...(returnTo !== undefined && { post_logout_redirect_uri: returnTo }),
    ...(returnTo !== undefined && state !== undefined && { state }),
    ...(problem && { problem }),
  }
}

function isSame(presented: string, expected: string): boolean {
  const [one, other] = [Buffer.from(presented), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
