import { type AccountPlan, planAccount } from '../accounts/sync-account.ts'
import { planClient, type RegistrationRules } from '../clients/plan-client.ts'
import { lacksRoles, noPractice } from '../courts/practice.ts'
import { planOffices, planPractice, practiceAfter } from '../courts/sync-court.ts'
import { isVerifierOf } from '../courts/sync-verifier.ts'
import { canonicalFiler } from '../efiling/right.ts'
import { planStanding } from '../efiling/sync-standing.ts'
import type { CourtId } from '../ids.ts'
import { nearest } from '../nearest.ts'
import { type Change, type Path, type Problem, takenMeanwhile, under } from '../problem.ts'
import { checkStaffAccount, type StaffRole } from '../staff/role.ts'
import type { StaffRolesRefusal } from '../staff/sync-staff-roles.ts'
import type {
  ApplyAccount,
  ApplyClient,
  ApplyCourt,
  ApplyFile,
  Entry,
  LocatedProblem,
} from './apply-file.ts'
import type { Current } from './current.ts'
import { accountInput, clientInput, standingInput } from './inputs.ts'

export type PlannedState = 'created' | 'changed' | 'unchanged' | 'refused'

export type PlannedItem = {
  readonly kind: 'court' | 'client' | 'account'
  readonly id: string
  readonly path: Path
  readonly state: PlannedState
  /** Found again when they are asked for: those of fifty thousand people are a million. */
  changes(): readonly Change[]
  readonly warnings: readonly string[]
}

/** What applying a file would do. With a problem it does nothing at all. */
export type Plan = {
  readonly items: readonly PlannedItem[]
  readonly problems: readonly LocatedProblem[]
}

export type PlanRules = {
  readonly clients: RegistrationRules
  readonly takesPasswords: boolean
  /** Whether the password in the file is the stored one, by account number. */
  readonly hasPassword: ReadonlyMap<string, boolean>
}

/** Compares the file with what is stored; writes nothing and asks nobody. */
export async function planFile(file: ApplyFile, current: Current, rules: PlanRules): Promise<Plan> {
  const items: PlannedItem[] = []
  const problems: LocatedProblem[] = []
  const add = (
    entry: Entry<unknown>,
    about: Pick<PlannedItem, 'kind' | 'id'> & { isNew: boolean },
    found: Found,
    changes = () => found.changes,
  ) => {
    // What is wrong with these members has been said.
    const said = new Set(entry.wrong)
    const own = found.problems.filter(({ path }) => !said.has(String(path[0])))
    problems.push(
      ...under(entry.path, own).map((problem) => ({ ...problem, ...file.placeOf(problem.path) })),
    )
    const { kind, id, isNew } = about
    const isRefused = own.length > 0 || entry.wrong.length > 0
    const written = isNew ? 'created' : found.changes.length > 0 ? 'changed' : 'unchanged'
    items.push({
      kind,
      id,
      path: entry.path,
      state: isRefused ? 'refused' : written,
      changes: isRefused ? () => [] : changes,
      warnings: found.warnings,
    })
  }
  for (const entry of file.courts) {
    const { id } = entry.item
    add(entry, { kind: 'court', id, isNew: false }, planCourt(entry.item, current))
  }
  for (const entry of file.clients) {
    const { id } = entry.item
    const isNew = !current.clients.has(id)
    add(entry, { kind: 'client', id, isNew }, await planOneClient(entry.item, current, rules))
  }
  for (const entry of file.accounts) {
    const { number } = entry.item
    const isNew = !current.accounts.has(number)
    const find = () => planPerson(entry.item, current, rules)
    add(entry, { kind: 'account', id: number, isNew }, find(), () => find().changes)
  }
  return { items, problems }
}

type Found = {
  readonly problems: readonly Problem[]
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
}

function planCourt(item: ApplyCourt, current: Current): Found {
  const { id, go_live_on: goLiveOn, practice, offices, old_login_verifier: verifier } = item
  const court = current.courts.get(id)
  const problems: Problem[] = court ? [] : [unknownCourt(['id'], id, current)]
  const [from, to] = [court?.goLiveOn ?? undefined, goLiveOn ?? undefined]
  const isMoved = goLiveOn !== undefined && from !== to
  const before = current.practices.get(id) ?? noPractice
  if (practice && lacksRoles(practiceAfter(before, practice))) {
    const message = 'has to name a role, since requests by people who are not attorneys are taken'
    problems.push({ path: ['practice', 'roles'], message })
  }
  if (court && verifier && !isVerifierOf(court, verifier)) {
    const message = `must be https, on the court's own host ${court.cmecfHost}`
    problems.push({ path: ['old_login_verifier'], message })
  }
  const verifierBefore = current.verifiers.get(id as CourtId)
  const isOtherVerifier = verifier !== undefined && (verifier ?? undefined) !== verifierBefore
  const inside = (member: string) => (change: Change) => ({
    ...change,
    member: `${member}.${change.member}`,
  })
  return {
    problems,
    changes: [
      ...(isMoved ? [{ member: 'go_live_on', from, to }] : []),
      ...(isOtherVerifier
        ? [{ member: 'old_login_verifier', from: verifierBefore, to: verifier ?? undefined }]
        : []),
      ...(practice ? planPractice(before, practice).map(inside('practice')) : []),
      ...(offices
        ? planOffices(current.offices.get(id) ?? [], offices).map(inside('offices'))
        : []),
    ],
    warnings: [],
  }
}

function unknownCourt(path: Path, id: string, { courts }: Current): Problem {
  const message = 'is no court that is known here'
  return { path, message, suggestion: nearest(id, courts.keys()) }
}

async function planOneClient(
  item: ApplyClient,
  current: Current,
  rules: PlanRules,
): Promise<Found> {
  const problems = (item.courts ?? []).flatMap((id, index) =>
    current.courts.has(id) ? [] : [unknownCourt(['courts', index], id, current)],
  )
  const planned = await planClient(current.clients.get(item.id), clientInput(item), rules.clients)
  return planned.ok
    ? { problems, changes: planned.value.changes, warnings: planned.value.warnings }
    : { problems: [...problems, ...planned.problems], changes: [], warnings: [] }
}

function planPerson(item: ApplyAccount, current: Current, rules: PlanRules): Found {
  const problems: Problem[] = []
  if (item.password !== undefined && !rules.takesPasswords) {
    problems.push({ path: ['password'], message: 'is not taken from a file in production' })
  }
  const before = current.accounts.get(item.number)
  const hasNewPassword = item.password !== undefined && !rules.hasPassword.get(item.number)
  const planned = planAccount(before, accountInput(item, hasNewPassword ? 'new' : undefined))
  if (!planned.ok) {
    const standings = planStandings(item, current, undefined)
    return { ...standings, problems: [...problems, ...planned.problems, ...standings.problems] }
  }
  problems.push(...takenProblems(item, planned.value, current))
  const standings = planStandings(item, current, planned.value.after)
  const roles = planRoles(item, current, planned.value.after)
  return {
    problems: [...problems, ...standings.problems, ...roles.problems],
    changes: [...planned.value.changes, ...standings.changes, ...roles.changes],
    warnings: [...standings.warnings, ...roles.warnings],
  }
}

/** A username that somebody gives up in the same file, or gave up years ago, becomes nobody else's. */
function takenProblems(
  { number }: ApplyAccount,
  { after }: AccountPlan,
  current: Current,
): Problem[] {
  const owner = current.ownerOfUsername.get(after.usernameCanonical)
  if (!owner || owner.number === number) return []
  const message = owner.isPresent
    ? `is that of account ${owner.number} already`
    : `was that of account ${owner.number}, and is given to nobody else`
  return [{ path: ['username'], message }]
}

function planStandings(
  { number, standings = [] }: ApplyAccount,
  current: Current,
  holder: AccountPlan['after'] | undefined,
): Found {
  const held = current.standings.get(number)
  const found = standings.map((item, index) => {
    const { court, filer_id: filerId } = item
    const planned = planStanding(held?.get(court), standingInput(item))
    const problems: Problem[] = planned.ok ? [] : [...planned.problems]
    if (!current.courts.has(court)) problems.push(unknownCourt(['court'], court, current))
    const key = filerId ? canonicalFiler(filerId) : undefined
    const isOwn = key !== undefined && key === canonicalFiler(held?.get(court)?.filerId ?? '')
    const owner = isOwn ? number : current.ownerOfFiler.get(`${court} ${key}`)
    if (owner !== undefined && owner !== number) {
      problems.push({
        path: ['filer_id'],
        message: `is that of account ${owner} at ${court} already`,
      })
    }
    return {
      problems: under(['standings', index], problems),
      changes: (planned.ok ? planned.value.changes : []).map((change) => ({
        ...change,
        member: `standings.${court}.${change.member}`,
      })),
      isFiling: planned.ok && planned.value.after.state === 'active',
    }
  })
  const filesNowhere = holder && (holder.type !== 'individual' || !holder.isUpgraded)
  const kind = holder?.type === 'individual' ? 'legacy' : holder?.type
  return {
    problems: found.flatMap(({ problems }) => problems),
    changes: found.flatMap(({ changes }) => changes),
    warnings:
      filesNowhere && found.some(({ isFiling }) => isFiling)
        ? [`standings: a ${kind} account files nowhere, whatever its standings say`]
        : [],
  }
}

/** Why a list of roles is refused, in words for whoever wrote it. */
export const roleWords: Readonly<Record<StaffRolesRefusal, string>> = {
  'not-individual': 'only an individual account may be staff',
  'not-upgraded': 'a legacy account may not be staff',
  closed: 'a closed account may not be staff; revoke its roles with staff_roles: []',
  disabled: 'a disabled account may not be staff; revoke its roles with staff_roles: []',
  held: 'an account on hold may not be staff; release it, or revoke its roles with staff_roles: []',
  // The plan has asked for these: somebody else was faster.
  'unknown-account': takenMeanwhile,
  'unknown-court': takenMeanwhile,
  'already-held': takenMeanwhile,
}

function planRoles(
  { number, staff_roles: roles }: ApplyAccount,
  current: Current,
  account: AccountPlan['after'],
): Found {
  const before = current.staffRoles.get(number) ?? []
  if (!roles) return { problems: [], changes: [], warnings: [] }
  const problems: Problem[] = roles.flatMap(({ courtId }, index) =>
    courtId === null || current.courts.has(courtId)
      ? []
      : [unknownCourt(['staff_roles', index, 'court'], courtId, current)],
  )
  const checked = roles.length > 0 ? checkStaffAccount(account) : undefined
  if (checked && !checked.ok) {
    problems.push({ path: ['staff_roles'], message: roleWords[checked.reason] })
  }
  const [from, to] = [rolesText(before), rolesText(roles)]
  return {
    problems,
    changes: from === to ? [] : [{ member: 'staff_roles', from, to }],
    warnings: [],
  }
}

function rolesText(roles: readonly StaffRole[]): string | undefined {
  const texts = roles.map(({ role, courtId }) => (courtId ? `${role} of ${courtId}` : role))
  return texts.sort().join(', ') || undefined
}
