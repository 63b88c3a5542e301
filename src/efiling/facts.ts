import type { AccountFacts } from '../accounts/account.ts'
import { stateJson } from '../accounts/account-state.ts'
import { acceptedRulesSql } from '../accounts/rules-of-use.ts'
import type { CourtType } from '../courts/court.ts'
import type { Day } from '../days.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { holdsStaffRole } from '../staff/store.ts'
import type { Queryable, Statement } from '../storage/db.ts'
import { type EfilingEntry, efilingEntry, type Standing } from './standing.ts'

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
  readonly standing: Standing | undefined
}

type CourtRow = {
  id: CourtId
  name: string
  type: CourtType
  cmecfHost: string
  loginUrl: string | null
  goLiveOn: Day | null
  liveBy: Day | null
  timeZone: string
  status: Standing['status'] | null
  role: Standing['role']
  filerId: string | null
  isAdmitted: boolean | null
  actions: Standing['actions'] | null
  sinceOn: Day | null
  endsOn: Day | null
  version: number | null
}

/**
 * The facts of an account `a` with its courts and its redaction statement, as one JSON value for a
 * SELECT on accounts: introspection, userinfo and every token ask for exactly this. One value, since
 * the driver takes longer over thirty columns than over the rest of the statement.
 * @param courtIds,sessionUid the parameters that hold the ids of the courts and the stored uid.
 */
export function factsJson(courtIds: string, sessionUid: string): string {
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
          'status', s.status, 'role', s.role,
          'filerId', s.filer_id, 'isAdmitted', s.is_admitted, 'actions', s.actions,
          'sinceOn', s.since_on, 'endsOn', s.ends_on, 'version', s.version) ORDER BY c.id)
        FROM courts c LEFT JOIN standings s ON s.court_id = c.id AND s.account_id = a.id
        WHERE c.id = ANY(${courtIds}::text[])),
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
  courts: CourtRow[] | null
  redaction: PersonFacts['redaction'] | null
}

export function readFacts({ account, isStaff, courts, redaction }: FactsJson): PersonFacts {
  return {
    account: { ...account, searchUsedAt: new Date(account.searchUsedAt) },
    isStaff,
    courts: (courts ?? []).map(readCourt),
    redaction: redaction ?? undefined,
  }
}

const selectFacts: Statement = {
  name: 'facts',
  text: `SELECT ${factsJson('$2', '$3')} AS facts FROM accounts a WHERE a.id = $1::uuid`,
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
  const values = [accountId, courtIds, sessionUid ?? null]
  const [row] = await db.query<{ facts: FactsJson }>(selectFacts, values)
  return row && readFacts(row.facts)
}

/** The same facts for fewer courts: those whose ids are given. */
export function factsForCourts(facts: PersonFacts, courtIds: ReadonlySet<CourtId>): PersonFacts {
  return { ...facts, courts: facts.courts.filter((court) => courtIds.has(court.id)) }
}

function readCourt(row: CourtRow): CourtFacts {
  const { id, name, type, cmecfHost, loginUrl, goLiveOn, liveBy, timeZone } = row
  const standing: Standing | undefined =
    row.status === null
      ? undefined
      : {
          status: row.status,
          role: row.role,
          filerId: row.filerId,
          isAdmitted: row.isAdmitted ?? false,
          actions: row.actions ?? [],
          sinceOn: row.sinceOn,
          endsOn: row.endsOn,
          version: row.version ?? 0,
        }
  return { id, name, type, cmecfHost, loginUrl, goLiveOn, liveBy, timeZone, standing }
}

/** The `efiling` claim: keyed by court, always, also when there is one. */
export function efilingClaim(facts: PersonFacts, at: Date): Record<string, EfilingEntry> {
  return Object.fromEntries(
    facts.courts.map((court) => [
      court.id,
      efilingEntry(court, facts.account, court.standing, facts.redaction?.acknowledgedAt, at),
    ]),
  )
}
