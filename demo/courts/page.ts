import { readFileSync } from 'node:fs'
import { Eta } from 'eta'
import type { Court } from './court.ts'
import { describeStanding, findEntry } from './efiling.ts'
import type { Problem } from './problems.ts'
import type { Notice, Person } from './sessions.ts'

export type CourtModel = {
  readonly court: Court
  readonly issuer: string
  readonly neighbours: readonly { readonly name: string; readonly url: string }[]
  readonly person: Person | undefined
  readonly notice: Notice | undefined
  readonly problem: Problem | undefined
}

const eta = new Eta({ autoEscape: true, cache: true })
eta.loadTemplate('@court', readFileSync(new URL('./court.eta', import.meta.url), 'utf8'))

/** The court's one page, with whoever is signed in, as HTML. */
export function renderCourt(model: CourtModel): string {
  return eta.render('@court', { ...model, signedIn: model.person && describe(model) })
}

function describe({ court, person }: CourtModel) {
  const { signIn, facts, readAt } = person!
  const idToken = signIn.idTokenClaims
  const entry = findEntry(facts, court.id)
  return {
    name: facts.name ?? facts.preferred_username ?? facts.sub,
    username: facts.preferred_username,
    standing: describeStanding(facts, court.id),
    standingFacts: [
      ['Role', entry?.role],
      ['CM/ECF account', entry?.filer_id],
      ['First day of the right', entry?.since],
      ['Last day', entry?.until],
      ['May', entry?.actions.join(', ')],
      ['Account on hold since', inWords(entry?.held?.since)],
      ['Redaction duty confirmed', inWords(entry?.redaction_acknowledged_at)],
    ].filter(([, value]) => value),
    readAt: readAt.toLocaleTimeString('en-US'),
    claims: claimRows(idToken, facts),
    idToken: {
      raw: signIn.idToken,
      header: prettyJson(decodePart(signIn.idToken, 0)),
      payload: prettyJson(decodePart(signIn.idToken, 1)),
    },
  }
}

/** Every claim that arrived, and by which way. */
function claimRows(idToken: object, userInfo: object) {
  const fromIdToken = new Map(Object.entries(idToken))
  const fromUserInfo = new Map(Object.entries(userInfo))
  return [...new Set([...fromUserInfo.keys(), ...fromIdToken.keys()])].map((name) => ({
    name,
    value: readable(fromUserInfo.get(name) ?? fromIdToken.get(name)),
    source: [fromIdToken.has(name) && 'ID token', fromUserInfo.has(name) && 'userinfo']
      .filter(Boolean)
      .join(', '),
  }))
}

function readable(value: unknown): string {
  return typeof value === 'object' ? prettyJson(value) : String(value)
}

function prettyJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
}

/** A part of a JWT whose signature has been checked already. RFC 7519 section 3. */
function decodePart(jwt: string, part: 0 | 1): unknown {
  return JSON.parse(Buffer.from(jwt.split('.')[part] ?? '', 'base64url').toString('utf8'))
}

function inWords(epochSeconds: number | undefined): string | undefined {
  return epochSeconds === undefined
    ? undefined
    : new Date(epochSeconds * 1000).toLocaleString('en-US')
}
