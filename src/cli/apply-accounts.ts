import { syncAccount, syncNewAccounts } from '../accounts/sync-account.ts'
import type { By } from '../audit/by.ts'
import { syncNewStandings, syncStanding } from '../efiling/sync-standing.ts'
import type { AccountId, CourtId } from '../ids.ts'
import { type Path, type Problem, under } from '../problem.ts'
import { syncStaffRoles } from '../staff/sync-staff-roles.ts'
import type { Transaction } from '../storage/db.ts'
import type { ApplyAccount } from './apply-file.ts'
import { accountInput, standingInput } from './inputs.ts'
import { roleWords } from './plan.ts'

/** An account that is to be written. */
export type AccountToApply = {
  readonly path: Path
  readonly item: ApplyAccount
  readonly passwordHash: string | undefined
  readonly isNew: boolean
}

/** In one statement; PostgreSQL takes 32,767 parameters at most. */
const peopleTogether = 500
const standingsTogether = 1000

/**
 * Writes the accounts of a file in its order, with their standings and staff roles. New people who
 * stand one after the other are registered together: one by one fifty thousand take minutes.
 * @returns the first problem, which ends it: what PostgreSQL has refused, nothing more can be asked after.
 */
export async function applyAccounts(
  tx: Transaction,
  people: readonly AccountToApply[],
  by: By,
): Promise<readonly Problem[]> {
  for (const together of groups(people)) {
    const [first] = together
    const problems =
      first && isPlain(first)
        ? await applyNewAccounts(tx, together, by)
        : await applyAccountsSingly(tx, together, by)
    if (problems.length > 0) return problems
  }
  return []
}

/** Registering is all there is to do. */
function isPlain({ isNew, item }: AccountToApply): boolean {
  return isNew && !item.disabled && !item.staff_roles?.length
}

function groups(people: readonly AccountToApply[]): AccountToApply[][] {
  const all: AccountToApply[][] = []
  let isLastPlain: boolean | undefined
  for (const person of people) {
    const last = all.at(-1)
    if (last && isPlain(person) === isLastPlain && last.length < peopleTogether) last.push(person)
    else all.push([person])
    isLastPlain = isPlain(person)
  }
  return all
}

async function applyNewAccounts(
  tx: Transaction,
  people: readonly AccountToApply[],
  by: By,
): Promise<readonly Problem[]> {
  const inputs = people.map(({ item, passwordHash }) => accountInput(item, passwordHash))
  const registered = await syncNewAccounts(tx, inputs, by)
  const pathOf = ([index, ...rest]: Path) => [...(people[Number(index)]?.path ?? []), ...rest]
  if (!registered.ok) {
    return registered.problems.map((problem) => ({ ...problem, path: pathOf(problem.path) }))
  }
  const standings = people.flatMap(({ path, item }, index) =>
    (item.standings ?? []).map((standing, place) => ({
      path: [...path, 'standings', place],
      accountId: registered.value[index]!,
      courtId: standing.court as CourtId,
      input: standingInput(standing),
    })),
  )
  for (let from = 0; from < standings.length; from += standingsTogether) {
    const some = standings.slice(from, from + standingsTogether)
    const saved = await syncNewStandings(tx, some, by)
    if (saved.ok) continue
    return saved.problems.map(({ path: [index, ...rest], ...problem }) => ({
      ...problem,
      path: [...(some[Number(index)]?.path ?? []), ...rest],
    }))
  }
  return []
}

async function applyAccountsSingly(
  tx: Transaction,
  people: readonly AccountToApply[],
  by: By,
): Promise<readonly Problem[]> {
  for (const { path, item, passwordHash } of people) {
    const problems = await applyAccount(tx, item, passwordHash, by)
    if (problems.length > 0) return under(path, problems)
  }
  return []
}

async function applyAccount(
  tx: Transaction,
  account: ApplyAccount,
  passwordHash: string | undefined,
  by: By,
): Promise<readonly Problem[]> {
  const saved = await syncAccount(tx, accountInput(account, passwordHash), by)
  if (!saved.ok) return saved.problems
  const { id } = saved.value
  const problems = await applyStandings(tx, id, account, by)
  return problems.length > 0 ? problems : applyRoles(tx, id, account, by)
}

async function applyStandings(
  tx: Transaction,
  id: AccountId,
  { standings = [] }: ApplyAccount,
  by: By,
): Promise<readonly Problem[]> {
  for (const [index, standing] of standings.entries()) {
    const courtId = standing.court as CourtId
    const saved = await syncStanding(tx, id, courtId, standingInput(standing), by)
    if (!saved.ok) return under(['standings', index], saved.problems)
  }
  return []
}

async function applyRoles(
  tx: Transaction,
  id: AccountId,
  { staff_roles: roles }: ApplyAccount,
  by: By,
): Promise<Problem[]> {
  if (!roles) return []
  const synced = await syncStaffRoles(tx, id, roles, by)
  return synced.ok ? [] : [{ path: ['staff_roles'], message: roleWords[synced.reason] }]
}
