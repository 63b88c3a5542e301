import { type LookupAddress, lookup } from 'node:dns'
import { Agent, fetch } from 'undici'
import { isAddress, isLoopbackAddress, isPublicAddress, networkList } from '../networks.ts'

export type OutboundPolicy = {
  /** Private networks in which courts run, in CIDR form. */
  readonly networks: readonly string[]
  /** `host:port` on loopback that may be called, over http too; empty in production. */
  readonly loopbackHosts: readonly string[]
}

/** Why a court was not called, or its answer not taken; shown to the registrar. */
export type OutboundProblem =
  | 'not-https'
  | 'address-not-allowed'
  | 'unreachable'
  | 'redirected'
  | 'bad-status'
  | 'too-large'

const maximumBytes = 64 * 1024
const timeoutMilliseconds = 2500
const keepMilliseconds = 24 * 3600 * 1000
const retryMilliseconds = 30_000

class OutboundError extends Error {
  readonly problem: OutboundProblem
  constructor(problem: OutboundProblem, cause?: unknown) {
    super(`outbound request refused: ${problem}`, { cause })
    this.problem = problem
  }
}

type Call = {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly timeoutMilliseconds: number
  readonly maximumBytes: number
}

/** One call within the policy: no redirects, as long and as much as is said, and an answer with status 200. */
function createGuardedCall(policy: OutboundPolicy): (url: string, call: Call) => Promise<string> {
  const networks = networkList(policy.networks)
  return async (url, { timeoutMilliseconds: milliseconds, maximumBytes: most, body, ...rest }) => {
    const { protocol, host, hostname } = new URL(url)
    const isListedLoopback = policy.loopbackHosts.includes(host)
    if (protocol !== 'https:' && !isListedLoopback) throw new OutboundError('not-https')
    const isAllowed = (address: string) =>
      isListedLoopback
        ? isLoopbackAddress(address)
        : isPublicAddress(address) || networks.has(address)
    const literal = hostname.replace(/^\[|\]$/g, '')
    if (isAddress(literal) && !isAllowed(literal)) throw new OutboundError('address-not-allowed')
    const dispatcher = new Agent({ connect: { lookup: checkedLookup(isAllowed) } })
    try {
      const response = await fetch(url, {
        ...rest,
        ...(body !== undefined && { body }),
        dispatcher,
        redirect: 'manual',
        signal: AbortSignal.timeout(milliseconds),
      })
      if (response.status >= 300 && response.status < 400) throw new OutboundError('redirected')
      if (response.status !== 200) throw new OutboundError('bad-status')
      return await readCapped(response.body, most)
    } catch (error) {
      throw findOutboundError(error) ?? new OutboundError('unreachable', error)
    } finally {
      void dispatcher.destroy()
    }
  }
}

/** Sends something to a court, within the same policy. Nothing is kept of it, and nothing repeated. */
export function createOutboundPost(
  policy: OutboundPolicy,
): (url: string, call: Omit<Call, 'method'>) => Promise<string> {
  const guarded = createGuardedCall(policy)
  return (url, call) => guarded(url, { ...call, method: 'POST' })
}

/**
 * The way this server reads from a court (its `jwks_uri`). Public addresses over https, private ones
 * in the listed networks, loopback where listed by name and port; the address is checked when the
 * connection is made, so a name that changes its mind gains nothing. No redirects, 64 KiB, 2.5 s.
 *
 * What was read stays good for a day: while the court does not answer, its last keys are used. One
 * request per address is under way at a time, and a failed one is not repeated for 30 s.
 * @param onProblem is told of every refusal, with the address that was to be called.
 */
export function createOutboundFetch(
  policy: OutboundPolicy,
  onProblem: (url: string, problem: OutboundProblem) => void,
): (url: string) => Promise<Response> {
  const guarded = createGuardedCall(policy)
  const cache = new Map<string, { body: string; readAt: number }>()
  const failedAt = new Map<string, number>()
  const underWay = new Map<string, Promise<string>>()

  const read = (url: string) =>
    guarded(url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      timeoutMilliseconds,
      maximumBytes,
    })

  const readOnce = (url: string): Promise<string> => {
    const current = underWay.get(url)
    if (current) return current
    const request = read(url).finally(() => underWay.delete(url))
    underWay.set(url, request)
    return request
  }

  return async (url) => {
    const known = cache.get(url)
    const isKnown = known !== undefined && Date.now() - known.readAt < keepMilliseconds
    const hasFailed = Date.now() - (failedAt.get(url) ?? 0) < retryMilliseconds
    if (!hasFailed) {
      try {
        const body = await readOnce(url)
        cache.set(url, { body, readAt: Date.now() })
        failedAt.delete(url)
        return jsonResponse(body)
      } catch (error) {
        failedAt.set(url, Date.now())
        onProblem(url, error instanceof OutboundError ? error.problem : 'unreachable')
        if (!isKnown) throw error
      }
    }
    if (!isKnown) throw new OutboundError('unreachable')
    return jsonResponse(known.body)
  }
}

function jsonResponse(body: string): Response {
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}

function checkedLookup(isAllowed: (address: string) => boolean) {
  return (
    hostname: string,
    _options: unknown,
    callback: (error: Error | null, addresses: LookupAddress[]) => void,
  ) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const allowed = addresses.filter(({ address }) => isAllowed(address))
      if (allowed.length === 0) return callback(new OutboundError('address-not-allowed'), [])
      callback(null, allowed)
    })
  }
}

async function readCapped(body: AsyncIterable<Uint8Array> | null, most: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > most) throw new OutboundError('too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function findOutboundError(error: unknown): OutboundError | undefined {
  let current = error
  while (current instanceof Error) {
    if (current instanceof OutboundError) return current
    current = current.cause
  }
  return undefined
}
