import { createPasswords, type Passwords } from '../accounts/password.ts'
import type { By } from '../audit/by.ts'
import { withoutSealing } from '../audit/chain.ts'
import type { RegistrationRules } from '../clients/plan-client.ts'
import { syncClient } from '../clients/sync-client.ts'
import type { Config } from '../config/config.ts'
import { goLiveRefusalWords } from '../courts/go-live-words.ts'
import { findCourt } from '../courts/store.ts'
import { syncOffices, syncPractice } from '../courts/sync-court.ts'
import { syncGoLive } from '../courts/sync-go-live.ts'
import { syncVerifier } from '../courts/sync-verifier.ts'
import type { CourtId } from '../ids.ts'
import { ok } from '../outcome.ts'
import {
  type Checked,
  hasProblems,
  type Path,
  type Problem,
  takenMeanwhile,
  under,
} from '../problem.ts'
import type { Pepper } from '../signing/secrets.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { applyAccounts } from './apply-accounts.ts'
import type { ApplyCourt, ApplyFile, LocatedProblem } from './apply-file.ts'
import { type Current, readCurrent } from './current.ts'
import { clientInput } from './inputs.ts'
import { type Plan, type PlannedState, planFile } from './plan.ts'

export type ApplyDeps = {
  readonly db: Database
  readonly config: Pick<Config, 'environment' | 'password'>
  readonly peppers: readonly [Pepper, ...Pepper[]]
  readonly clientRules: RegistrationRules
}

/** A file of a hundred thousand people takes minutes. */
const longestMilliseconds = 30 * 60_000

/**
 * Brings the database to what the file says, all of it or nothing, with an audit row per change;
 * applying it again changes nothing. Passwords are taken in development only.
 * @param options.writes false only tells what would be done.
 * @returns what was done; where it has problems, nothing was.
 */
export async function applyFile(
  deps: ApplyDeps,
  file: ApplyFile,
  options: { readonly by: By; readonly writes: boolean },
): Promise<Plan> {
  const { db, config } = deps
  const current = await readCurrent(db, file)
  const passwords = createPasswords({
    peppers: deps.peppers,
    concurrency: config.password.concurrency,
    queue: file.accounts.length + 1,
    isStubbed: false,
  })
  try {
    const hasPassword = await comparePasswords(passwords, file, current)
    const plan = await planFile(file, current, {
      clients: deps.clientRules,
      takesPasswords: config.environment !== 'production',
      hasPassword,
    })
    const isChanged = plan.items.some(({ state }) => state === 'created' || state === 'changed')
    if (!options.writes || plan.problems.length > 0 || !isChanged) return plan
    const hashes = await hashPasswords(passwords, file, hasPassword)
    const problems = await write(deps, file, plan, hashes, options.by)
    return { ...plan, problems }
  } finally {
    await passwords.close()
  }
}

/** Whether the password in the file is the stored one, for those accounts that have one there. */
async function comparePasswords(
  passwords: Passwords,
  file: ApplyFile,
  current: Current,
): Promise<Map<string, boolean>> {
  const hasPassword = new Map<string, boolean>()
  for (const { item } of file.accounts) {
    const stored = current.accounts.get(item.number)?.passwordHash
    if (item.password === undefined || !stored) continue
    const isSame = (await passwords.verify(item.password, stored)) === 'match'
    hasPassword.set(item.number, isSame)
  }
  return hasPassword
}

async function hashPasswords(
  passwords: Passwords,
  file: ApplyFile,
  hasPassword: ReadonlyMap<string, boolean>,
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for (const { item } of file.accounts) {
    if (item.password === undefined || hasPassword.get(item.number)) continue
    hashes.set(item.number, await passwords.hash(item.password))
  }
  return hashes
}

/** In one transaction. What somebody else saved since the plan was made may still refuse it. */
async function write(
  deps: ApplyDeps,
  file: ApplyFile,
  plan: Plan,
  hashes: ReadonlyMap<string, string>,
  by: By,
): Promise<LocatedProblem[]> {
  const states = new Map(plan.items.map(({ path, state }) => [path, state]))
  const work = async (tx: Transaction): Promise<Checked<void>> => {
    const saves: { path: Path; save: () => Promise<readonly Problem[]> }[] = [
      ...file.courts.map(({ path, item }) => ({ path, save: () => applyCourt(tx, item, by) })),
      ...file.clients.map(({ path, item }) => ({
        path,
        save: async () => {
          const saved = await syncClient(tx, clientInput(item), deps.clientRules, by)
          return saved.ok ? [] : saved.problems
        },
      })),
    ]
    for (const { path, save } of saves) {
      const problems = isWritten(states.get(path)) ? await save() : []
      if (problems.length > 0) return hasProblems(under(path, problems))
    }
    const people = file.accounts.flatMap(({ path, item }) => {
      const state = states.get(path)
      const passwordHash = hashes.get(item.number)
      return isWritten(state) ? [{ path, item, passwordHash, isNew: state === 'created' }] : []
    })
    const problems = await applyAccounts(tx, people, by)
    return problems.length > 0 ? hasProblems(problems) : ok()
  }
  const written = await withoutSealing(deps.db, () =>
    inTransaction(deps.db, work, { milliseconds: longestMilliseconds }),
  )
  if (written.ok) return []
  return written.problems.map((problem) => ({ ...problem, ...file.placeOf(problem.path) }))
}

function isWritten(state: PlannedState | undefined): boolean {
  return state === 'created' || state === 'changed'
}

/** What the file leaves out stays; what somebody else saved since the plan was made refuses it. */
async function applyCourt(
  tx: Transaction,
  { id, go_live_on: goLiveOn, practice, offices, old_login_verifier: verifier }: ApplyCourt,
  by: By,
): Promise<readonly Problem[]> {
  const courtId = id as CourtId
  const before = await findCourt(tx, courtId)
  if (before && goLiveOn !== undefined && goLiveOn !== before.goLiveOn) {
    const moved = await syncGoLive(tx, before, goLiveOn, by)
    if (!moved.ok) return [{ path: ['go_live_on'], message: goLiveRefusalWords[moved.reason] }]
  }
  if (verifier !== undefined) await syncVerifier(tx, courtId, verifier, by)
  if (practice && !(await syncPractice(tx, courtId, practice, by)).ok) {
    return [{ path: ['practice'], message: takenMeanwhile }]
  }
  if (offices && !(await syncOffices(tx, courtId, offices, by)).ok) {
    return [{ path: ['offices'], message: takenMeanwhile }]
  }
  return []
}
