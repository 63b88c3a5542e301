import type { AccountFacts } from '../accounts/account.ts'
import { stateJson } from '../accounts/account-state.ts'
import { acceptedRulesSql } from '../accounts/rules-of-use.ts'
import { now } from '../clock.ts'
import type { CourtType } from '../courts/court.ts'
import type { Day } from '../days.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { holdsStaffRole } from '../staff/store.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import type { Right } from './right.ts'
import { rightInForceSql, rightJson } from './right-store.ts'
import { type EfilingEntry, efilingEntry } from './standing.ts'

/** Everything that the tokens of one person for some courts are made of, as of one moment. */
export type PersonFacts = {
  readonly account: AccountFacts
  /** Court staff, in whatever role: their sessions are shorter. */
  readonly isStaff: boolean
  readonly courts: readonly CourtFacts[]
  /** The filer's statement in this session: when, and in which sign-in; epoch seconds. */
  readonly redaction: { readonly acknowledgedAt: number; readonly signedInAt: number } | undefined
}

export type CourtFacts = {
  readonly id: CourtId
  readonly name: string
  readonly type: CourtType
  readonly cmecfHost: string
  readonly loginUrl: string | null
  readonly goLiveOn: Day | null
  readonly liveBy: Day | null
  readonly timeZone: string
  readonly hasGoLivePlan: boolean
  readonly liveAt: Date | null
  readonly filingClosedFrom: Date | null
  readonly filingClosedUntil: Date | null
  readonly takesLinks: boolean
  /** Grows with every change of the go-live and of the days without filing. */
  readonly goLiveVersion: number
  /** Grows with every request of the person that opens there or ends. */
  readonly requestVersion: number
  readonly hasOpenRequest: boolean
  /** What the court decided, as it holds now. */
  readonly right: Right | undefined
}

/** That a request of the account `a` is open at the court `c`. */
const hasOpenRequest = `EXISTS (SELECT 1 FROM filing_requests q
  WHERE q.account_id = a.id AND q.court_id = c.id AND q.state = 'open')`

/**
 * The facts of an account `a` with its courts and its redaction statement, as one JSON value for a
 * SELECT on accounts: introspection, userinfo and every token ask for exactly this. One value, since
 * the driver takes longer over thirty columns than over the rest of the statement.
 * The courts are a sub-select, so that a plan for any number of them looks as good as one for these: PostgreSQL
 * would plan the statement anew at each execution otherwise, which takes longer than the statement.
 * @param courtIds,sessionUid,at the parameters that hold the ids of the courts, the stored uid, and the
 *   moment at which it is asked what holds.
 */
export function factsJson(courtIds: string, sessionUid: string, at: string): string {
  return `json_build_object(
      'account', json_build_object('id', a.id, 'number', a.number, 'type', a.type,
        'userType', a.user_type, 'isUpgraded', a.is_upgraded, 'username', a.username,
        'givenName', a.given_name, 'familyName', a.family_name, 'email', a.email,
        'isEmailVerified', a.is_email_verified, 'searchStatus', a.search_status,
        'searchUsedAt', a.search_used_at, 'clientCode', a.client_code, 'billedTo', a.billed_to,
        ${stateJson('a')}, 'acceptedRules', ${acceptedRulesSql('a')},
        'signInStand', a.sign_in_stand),
      'isStaff', (${holdsStaffRole('a.id')}),
      'courts', (SELECT json_agg(json_build_object('id', c.id, 'name', c.name, 'type', c.type,
          'cmecfHost', c.cmecf_host, 'loginUrl', c.login_url,
          'goLiveOn', c.go_live_on, 'liveBy', c.live_by, 'timeZone', c.time_zone,
          'hasGoLivePlan', c.has_go_live_plan, 'liveAt', c.live_at,
          'filingClosedFrom', c.filing_closed_from, 'filingClosedUntil', c.filing_closed_until,
          'takesLinks', c.takes_links,
          'goLiveVersion', c.go_live_version, 'requestVersion', COALESCE(r.request_version, 0),
          'hasOpenRequest', ${hasOpenRequest},
          'right', CASE WHEN d.ordinal IS NOT NULL THEN ${rightJson('d')} END) ORDER BY c.id)
        FROM courts c LEFT JOIN rights r ON r.court_id = c.id AND r.account_id = a.id
          LEFT JOIN LATERAL (${rightInForceSql('r.account_id', 'r.court_id', at)}) d ON true
        WHERE c.id = ANY((SELECT ${courtIds}::text[])::text[])),
      'redaction', (SELECT json_build_object(
          'acknowledgedAt', floor(extract(epoch FROM r.acknowledged_at)),
          'signedInAt', r.signed_in_at)
        FROM redaction_acknowledgements r
        WHERE r.session_uid = ${sessionUid} AND r.account_id = a.id))`
}

/** The value of `factsJson`. */
export type FactsJson = {
  account: Omit<AccountFacts, 'searchUsedAt'> & { searchUsedAt: string }
  isStaff: boolean
  courts: CourtFactsJson[] | null
  redaction: PersonFacts['redaction'] | null
}

/** Moments come as text in a JSON value. */
type Moments = 'liveAt' | 'filingClosedFrom' | 'filingClosedUntil'
type CourtFactsJson = Omit<CourtFacts, 'right' | Moments> &
  Readonly<Record<Moments, string | null>> & { right: Right | null }

export function readFacts({ account, isStaff, courts, redaction }: FactsJson): PersonFacts {
  return {
    account: { ...account, searchUsedAt: new Date(account.searchUsedAt) },
    isStaff,
    courts: (courts ?? []).map(readCourt),
    redaction: redaction ?? undefined,
  }
}

function readCourt({ right, ...court }: CourtFactsJson): CourtFacts {
  return {
    ...court,
    liveAt: readMoment(court.liveAt),
    filingClosedFrom: readMoment(court.filingClosedFrom),
    filingClosedUntil: readMoment(court.filingClosedUntil),
    right: right ?? undefined,
  }
}

function readMoment(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

const selectFacts: Statement = {
  name: 'facts',
  text: `SELECT ${factsJson('$2', '$3', '$4')} AS facts FROM accounts a WHERE a.id = $1::uuid`,
}

/**
 * The facts of now; undefined when there is no such account.
 * @param sessionUid the stored form of the session's uid, whose redaction statement counts.
 */
export async function findFacts(
  db: Queryable,
  accountId: AccountId,
  courtIds: readonly CourtId[],
  sessionUid: string | undefined,
): Promise<PersonFacts | undefined> {
  const values = [accountId, courtIds, sessionUid ?? null, now()]
  const [row] = await db.query<{ facts: FactsJson }>(selectFacts, values)
  return row && readFacts(row.facts)
}

/** The same facts for fewer courts: those whose ids are given. */
export function factsForCourts(facts: PersonFacts, courtIds: ReadonlySet<CourtId>): PersonFacts {
  return { ...facts, courts: facts.courts.filter((court) => courtIds.has(court.id)) }
}

/** The `efiling` claim: keyed by court, always, also when there is one. */
export function efilingClaim(facts: PersonFacts, at: Date): Record<string, EfilingEntry> {
  return Object.fromEntries(
    facts.courts.map((court) => [
      court.id,
      efilingEntry(court, facts.account, court.right, facts.redaction?.acknowledgedAt, at),
    ]),
  )
}
