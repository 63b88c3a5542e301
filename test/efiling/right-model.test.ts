import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { holdAccount } from '../../src/accounts/hold-account.ts'
import { releaseAccount } from '../../src/accounts/release-account.ts'
import { byOperator } from '../../src/audit/by.ts'
import type { Role } from '../../src/courts/roles.ts'
import { type Day, dateColumn, dayAt, dayOfColumn } from '../../src/days.ts'
import type { Decision } from '../../src/efiling/apply-decision.ts'
import type { DecidedState, RightState } from '../../src/efiling/right.ts'
import {
  type DecisionKind,
  decisionKinds,
  decisionsFrom,
  transitionOf,
} from '../../src/efiling/right-machine.ts'
import { noteRequest } from '../../src/efiling/right-store.ts'
import type { EfilingEntry } from '../../src/efiling/standing.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { openRightsHouse, type RightsHouse } from '../support/rights.ts'

// Drives the real decisions, on PostgreSQL over two handles (as two processes have), against the table of
// transitions, with the clock running ahead by leaps; what must always be so is asked after each command.
// More by hand: RIGHTS_MODEL_COMMANDS=10000 npm test -- test/efiling/right-model.test.ts

const wanted = Number(process.env['RIGHTS_MODEL_COMMANDS'] ?? 200)
const seed = Number(process.env['RIGHTS_MODEL_SEED'] ?? 20_261_127)
const longest = 40

const courts = [
  { id: 'ncwd' as CourtId, timeZone: 'America/New_York' },
  { id: 'hid' as CourtId, timeZone: 'Pacific/Honolulu' },
] as const
const peopleCount = 3
/** The last of them has a legacy account. */
const legacy = peopleCount - 1

let house: RightsHouse
const clerks: AccountId[] = []

beforeAll(async () => {
  house = await openRightsHouse()
  for (const { id } of courts) clerks.push(await house.addStaff('clerk', id))
})
afterAll(() => house.close())
afterEach(() => {
  vi.useRealTimers()
})

/** What one person has at one court, as the model knows it. */
type Seen = {
  readonly state: DecidedState
  readonly role: Role | null
  readonly filerId: string | null
  readonly actions: readonly string[]
  readonly keepsNotices: boolean
  readonly isAdmitted: boolean
  readonly admittedUntil: Day | null
  readonly endsOn: Day | null
}

const nothing: Seen = {
  state: 'none',
  role: null,
  filerId: null,
  actions: [],
  keepsNotices: true,
  isAdmitted: false,
  admittedUntil: null,
  endsOn: null,
}

type Plan = { readonly at: number; readonly next: Seen }

type Place = {
  now: Seen
  /** What was decided ahead, in the order of its moments. */
  plans: Plan[]
  /** The CM/ECF account that nobody else can have there. */
  filerId: string | null
  lastTold: EfilingEntry | undefined
}

type Model = {
  at: number
  readonly isHeld: boolean[]
  /** By person and court. */
  readonly places: Place[][]
}
type Real = { readonly people: readonly AccountId[] }

const newPlace = (): Place => ({ now: nothing, plans: [], filerId: null, lastTold: undefined })

const daysLater = (day: Day, days: number) =>
  dayOfColumn(new Date(dateColumn(day).getTime() + days * 24 * 3600_000))

function stateAt(seen: Seen, court: (typeof courts)[number], at: number): RightState {
  const isOver = seen.endsOn !== null && seen.endsOn < dayAt(new Date(at), court.timeZone)
  return seen.state === 'active' && isOver ? 'lapsed' : seen.state
}

type Typed = {
  readonly kind: DecisionKind
  readonly person: number
  readonly court: number
  readonly by: 'clerk' | 'neighbour' | 'self'
  readonly aheadHours: number
  readonly lastDay: number | null
  readonly role: Role
  readonly actions: readonly ('file' | 'receive-notices' | 'apply')[]
  readonly filer: string | null
  readonly hasReason: boolean
  readonly keepsNotices: boolean
  readonly process: number
  /** Which of the decisions that can be made is made; undefined: the one above, whether it can or not. */
  readonly pick: number | undefined
}

/** What the model says comes of it: the state after it and from when on, or undefined for a refusal. */
function foretell(model: Model, typed: Typed): { at: number; next: Seen } | undefined {
  const { kind, person, by } = typed
  const court = courts[typed.court]!
  const place = model.places[person]![typed.court]!
  const transition = transitionOf(kind)
  if (by === 'neighbour' || !transition.who.includes(by === 'self' ? 'holder' : by)) {
    return undefined
  }
  if (typed.aheadHours > 0 && transition.needs.includes('at-once')) return undefined
  if (place.plans.length > 0 && !transition.supersedes) return undefined
  const at = model.at + typed.aheadHours * 3600_000
  const before = place.plans.findLast((plan) => plan.at <= at)?.next ?? place.now
  const state = stateAt(before, court, at)
  if (transition.moves[state] === undefined) return undefined
  if (by === 'self' && transition.notByHolder?.includes(state)) return undefined
  const day = dayAt(new Date(at), court.timeZone)
  const lastDay = typed.lastDay === null ? null : daysLater(day, typed.lastDay)
  const can = person !== legacy
  const isAdmitted =
    before.isAdmitted && (before.admittedUntil === null || before.admittedUntil >= day)
  const with_ = (change: Partial<Seen>, isRefused = false) =>
    isRefused ? undefined : checkFiler(model, typed, before, at, { ...before, ...change })
  switch (kind) {
    case 'grant':
      return with_(
        {
          state: 'active',
          role: typed.role,
          actions: typed.actions,
          filerId: typed.filer ?? before.filerId,
          keepsNotices: true,
          endsOn: lastDay,
        },
        !can || typed.actions.length === 0,
      )
    case 'change':
      return with_({ role: typed.role }, !can || before.role === typed.role)
    case 'extend':
      return with_({ endsOn: lastDay }, !can || before.endsOn === lastDay)
    case 'suspend':
      return with_({ state: 'suspended', keepsNotices: typed.keepsNotices }, !typed.hasReason)
    case 'reinstate':
      return with_(
        { state: 'active', keepsNotices: true },
        !can || (before.endsOn !== null && before.endsOn < day),
      )
    case 'revoke':
      return with_({ state: 'revoked' }, !typed.hasReason)
    case 'give-up':
      return with_({ state: 'given-up' }, model.isHeld[person])
    case 'admit':
      return with_(
        { isAdmitted: true, admittedUntil: lastDay },
        !can || (before.isAdmitted && before.admittedUntil === lastDay),
      )
    case 'end-admission':
      return with_({ isAdmitted: false, admittedUntil: null }, !typed.hasReason || !isAdmitted)
    case 'free-filer':
      return with_({ filerId: null }, before.filerId === null)
    case 'withdraw':
      return with_({}, place.plans.length === 0)
    case 'link':
    case 'link-suspended':
      return with_(
        {
          state: kind === 'link' ? 'active' : 'suspended',
          role: typed.role,
          actions: typed.actions,
          filerId: typed.filer ?? before.filerId,
          keepsNotices: kind === 'link',
          isAdmitted: true,
          admittedUntil: null,
          endsOn: lastDay,
        },
        !can || model.isHeld[person],
      )
    case 'contest':
      return with_(
        ['active', 'suspended'].includes(stateAt(before, court, at))
          ? { state: 'suspended', keepsNotices: false }
          : {},
      )
    case 'unlink':
      return with_({ ...nothing, keepsNotices: true }, !typed.hasReason)
  }
}

function checkFiler(model: Model, typed: Typed, before: Seen, at: number, next: Seen) {
  const isChanged = next.filerId !== before.filerId
  if (typed.aheadHours > 0 && isChanged && before.filerId !== null) return undefined
  const others = model.places.filter((_, person) => person !== typed.person)
  const isTaken = others.some((places) => places[typed.court]!.filerId === next.filerId)
  return next.filerId !== null && isTaken ? undefined : { at, next }
}

function decisionOf(typed: Typed, at: number, { people }: Real): Decision {
  const { kind, aheadHours } = typed
  const moment = new Date(at + aheadHours * 3600_000)
  const day = dayAt(moment, courts[typed.court]!.timeZone)
  const lastDay = typed.lastDay === null ? null : daysLater(day, typed.lastDay)
  const isLink = kind === 'link' || kind === 'link-suspended'
  const isWhole = kind === 'grant' || isLink
  return {
    kind,
    ...(aheadHours > 0 && { holdsFrom: moment }),
    ...((isWhole || kind === 'change') && { role: typed.role }),
    ...(isWhole && { actions: typed.actions }),
    ...(isWhole && typed.filer && { filerId: `${people[0]}-${typed.filer}`.slice(-40) }),
    ...((isWhole || kind === 'extend') && { endsOn: lastDay }),
    ...(isLink && { isAdmitted: true, admittedUntil: null }),
    ...(kind === 'unlink' && { isAdmitted: false }),
    ...(kind === 'admit' && { admittedUntil: lastDay }),
    ...(typed.hasReason && { reason: 'discipline' as const }),
    ...(kind === 'suspend' && { keepsNotices: typed.keepsNotices }),
  }
}

function deciderOf(typed: Typed, { people }: Real): AccountId {
  if (typed.by === 'self') return people[typed.person]!
  return clerks[typed.by === 'clerk' ? typed.court : 1 - typed.court]!
}

const decide = (typed: Typed, model: Model, real: Real, process = typed.process) =>
  house.decide(
    deciderOf(typed, real),
    real.people[typed.person]!,
    courts[typed.court]!.id,
    decisionOf(typed, model.at, real),
    house.dbs[process],
  )

/** What came of a decision, in the model. */
function note(model: Model, typed: Typed, { at, next }: { at: number; next: Seen }) {
  const place = model.places[typed.person]![typed.court]!
  place.filerId = next.filerId
  if (at <= model.at) {
    place.now = next
    place.plans = []
    return
  }
  place.plans = [...place.plans.filter((plan) => plan.at < at), { at, next }]
}

/** What is decided: mostly what the table allows just then, by somebody who may, and whole. */
function chosen(model: Model, typed: Typed): Typed {
  if (typed.pick === undefined) return typed
  const place = model.places[typed.person]![typed.court]!
  const state = stateAt(place.now, courts[typed.court]!, model.at)
  const isPlanned = place.plans.length > 0
  const kinds = decisionsFrom(state).filter((kind) => {
    if (isPlanned) return transitionOf(kind).supersedes
    if (kind === 'free-filer') return place.now.filerId !== null
    return kind !== 'withdraw' && (kind !== 'end-admission' || place.now.isAdmitted)
  })
  const kind = kinds[typed.pick % kinds.length]!
  const isAtOnce = transitionOf(kind).needs.includes('at-once')
  return {
    ...typed,
    kind,
    by: transitionOf(kind).who.includes('clerk') ? 'clerk' : 'self',
    hasReason: true,
    actions: typed.actions.length > 0 ? typed.actions : ['file'],
    aheadHours: isAtOnce ? 0 : typed.aheadHours,
  }
}

let executed = 0
/** How often each decision was made, and how many were refused. */
const made: Record<string, number> = {}
const count = (what: string) => {
  made[what] = (made[what] ?? 0) + 1
}

/** What must be so after each command, on both processes. */
async function check(model: Model, { people }: Real) {
  executed += 1
  const told = await Promise.all(
    house.dbs.map((db) =>
      Promise.all(
        people.map((person) => Promise.all(courts.map(({ id }) => house.entry(person, id, db)))),
      ),
    ),
  )
  expect(told[1]).toEqual(told[0])
  for (const [person, entries] of told[0]!.entries()) {
    for (const [court, entry] of entries.entries()) {
      const place = model.places[person]![court]!
      const state = person === legacy ? 'none' : stateAt(place.now, courts[court]!, model.at)
      expect(entry.status).toBe(state === 'given-up' ? 'none' : state)
      const isUsable = state === 'active' && !model.isHeld[person]
      expect(entry.actions).toEqual(
        isUsable ? place.now.actions : keptNotices(state, place.now, model.isHeld[person]!),
      )
      if (entry.actions.includes('file')) expect(entry.status).toBe('active')
      if (person === legacy) expect(entry.admitted).toBeUndefined()
      const { version: before = -1, ...saidBefore } = place.lastTold ?? {}
      const { version, ...said } = entry
      expect(version).toBeGreaterThanOrEqual(before)
      if (version === before) expect(said).toEqual(saidBefore)
      place.lastTold = entry
    }
  }
  for (const court of courts.keys()) {
    const filers = told[0]!.flatMap((entries) => entries[court]!.filer_id ?? [])
    expect(new Set(filers).size).toBe(filers.length)
  }
}

function keptNotices(state: RightState, seen: Seen, isHeld: boolean): readonly string[] {
  if (state !== 'suspended' || !seen.keepsNotices || isHeld) return []
  return seen.actions.filter((action) => action === 'receive-notices')
}

type Command = fc.AsyncCommand<Model, Real>

/** One decision on one process: it is made where the table says so, and nowhere else. */
const decideCommand = (drawn: Typed): Command => ({
  check: () => true,
  async run(model, real) {
    const typed = chosen(model, drawn)
    const foretold = foretell(model, typed)
    const answer = await decide(typed, model, real)
    count(answer.ok ? typed.kind : answer.reason)
    expect([answer.ok, answer.ok ? '' : answer.reason]).toEqual([
      foretold !== undefined,
      answer.ok ? '' : expect.any(String),
    ])
    if (foretold) note(model, typed, foretold)
    await check(model, real)
  },
  toString: () => `decide ${JSON.stringify(drawn)}`,
})

/** The same on both processes at once: what ends a state is made once. */
const twiceCommand = (drawn: Typed): Command => ({
  check: () => true,
  async run(model, real) {
    const typed = chosen(model, drawn)
    const foretold = foretell(model, typed)
    const answers = await Promise.all([0, 1].map((each) => decide(typed, model, real, each)))
    const times = answers.filter(({ ok }) => ok).length
    if (foretold) note(model, typed, foretold)
    const again = foretold && foretell(model, typed)
    if (again) note(model, typed, again)
    expect(times).toBe(foretold ? (again ? 2 : 1) : 0)
    await check(model, real)
  },
  toString: () => `twice ${JSON.stringify(drawn)}`,
})

/** Time passes, and nothing runs. */
const waitCommand = (minutes: number): Command => ({
  check: () => true,
  async run(model, real) {
    model.at += minutes * 60_000
    vi.setSystemTime(model.at)
    for (const place of model.places.flat()) {
      place.now = place.plans.findLast((plan) => plan.at <= model.at)?.next ?? place.now
      place.plans = place.plans.filter((plan) => plan.at > model.at)
    }
    await check(model, real)
  },
  toString: () => `wait ${minutes} minutes`,
})

const holdCommand = (person: number): Command => ({
  check: () => true,
  async run(model, real) {
    const [id, by] = [real.people[person]!, byOperator('test')]
    const isHeld = model.isHeld[person]!
    await inTransaction(house.db, async (tx) => {
      if (isHeld) await releaseAccount(tx, id, 'support', by)
      else await holdAccount(tx, id, 'support', by)
    })
    model.isHeld[person] = !isHeld
    await check(model, real)
  },
  toString: () => `hold or release ${person}`,
})

const requestCommand = (person: number, court: number): Command => ({
  check: () => true,
  async run(model, real) {
    const { id } = courts[court]!
    await inTransaction(house.db, (tx) => noteRequest(tx, real.people[person]!, id))
    await check(model, real)
  },
  toString: () => `a request of ${person} at ${court}`,
})

const person = fc.constantFrom(0, 0, 0, 1, 1, 1, legacy)
const court = fc.nat({ max: courts.length - 1 })
const typed = fc.record<Typed>({
  kind: fc.constantFrom(...decisionKinds),
  person,
  court,
  by: fc.constantFrom('clerk', 'clerk', 'clerk', 'clerk', 'self', 'neighbour'),
  aheadHours: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 60 })),
  lastDay: fc.option(fc.nat({ max: 3 })),
  role: fc.constantFrom('attorney', 'trustee'),
  actions: fc.subarray(['file', 'receive-notices', 'apply'], { minLength: 0 }),
  filer: fc.option(fc.constantFrom('one', 'two')),
  hasReason: fc.constantFrom(true, true, true, false),
  keepsNotices: fc.boolean(),
  process: fc.nat({ max: 1 }),
  pick: fc.option(fc.nat({ max: 99 }), { nil: undefined, freq: 8 }),
})
const commands = fc.commands(
  [
    typed.map(decideCommand),
    typed.map(decideCommand),
    typed.map(decideCommand),
    typed.map(twiceCommand),
    fc
      .oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 600, max: 4000 }))
      .map(waitCommand),
    person.map(holdCommand),
    fc.tuple(person, court).map(([who, where]) => requestCommand(who, where)),
  ],
  { maxCommands: longest, size: 'max' },
)

test('whatever is decided, by whom and in which order, the table is kept and every version only grows', {
  timeout: Math.max(60_000, wanted * 200),
}, async () => {
  executed = 0
  while (executed < wanted) {
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const people: AccountId[] = []
        for (let index = 0; index < peopleCount; index += 1) {
          people.push(await house.addPerson(index === legacy ? { isUpgraded: false } : {}))
        }
        vi.useFakeTimers({ toFake: ['Date'] })
        const at = Date.parse('2027-03-11T20:00:00Z')
        vi.setSystemTime(at)
        const setup = () => ({
          model: {
            at,
            isHeld: people.map(() => false),
            places: people.map(() => courts.map(newPlace)),
          },
          real: { people },
        })
        try {
          await fc.asyncModelRun(setup, story)
        } finally {
          vi.useRealTimers()
        }
      }),
      { numRuns: Math.ceil((wanted - executed) / (longest / 2)), seed: seed + executed },
    )
  }
  console.log(`the machine of rights kept its table through ${executed} commands`, made)
})
