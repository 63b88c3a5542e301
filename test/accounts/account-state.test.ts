import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  type AccountState,
  accountActs,
  accountStates,
  barringState,
  may,
  type StateColumns,
  stateOf,
  stateSince,
} from '../../src/accounts/account-state.ts'
import { type HoldReason, holdReasons, listHolds } from '../../src/accounts/hold.ts'
import { holdWords, stateWords } from '../../src/accounts/state-words.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = globSync('**/*.ts', { cwd: `${root}/src` }).filter(
  (path) => !path.startsWith('storage/generated/'),
)
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const readersOf = (pattern: RegExp) =>
  files.filter((path) => pattern.test(read(`src/${path}`))).sort()

/** The rows of the tables of a document whose first cell names a state, as lists of cells. */
function rowsOf(document: string): string[][] {
  return document
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    )
}

const at = (day: number) => new Date(Date.UTC(2026, 10, day))
const states: readonly [AccountState, StateColumns][] = [
  ['closed', { closedAt: at(1) }],
  ['disabled', { disabledAt: at(2) }],
  ['unconfirmed', { unconfirmedSince: at(3) }],
  ['in-review', { reviewSince: at(4) }],
  ['held', { recoverySince: at(6), supportHoldSince: at(5), holderHoldSince: at(7) }],
  ['must-change-password', { mustChangePasswordSince: at(8) }],
  ['active', {}],
]

describe('the state of an account', () => {
  test.each(states)('%s is what its columns say, and since when', (state, columns) => {
    expect([stateOf(columns), stateSince(columns)]).toEqual([
      state,
      Object.values(columns).sort((a, b) => Number(a) - Number(b))[0],
    ])
  })

  test('the strictest of those that apply counts', () => {
    for (const [index, [state, columns]] of states.entries()) {
      const milder = states.slice(index + 1).map(([, other]) => other)
      expect(stateOf(Object.assign({}, ...milder, columns))).toBe(state)
    }
    expect(states.map(([state]) => state)).toEqual(accountStates)
  })

  test('allows nothing that a state which it hides forbids', () => {
    for (const [index, stricter] of accountStates.entries()) {
      for (const state of accountStates.slice(index + 1)) {
        const more = accountActs.filter(
          (act) => may({ state: stricter }, act) && !may({ state }, act),
        )
        expect([stricter, state, more]).toEqual([stricter, state, []])
      }
    }
  })

  test.each(accountStates)('%s bars from signing in where nobody may, by its own name', (state) => {
    expect(barringState({ state })).toBe(may({ state }, 'sign-in') ? undefined : state)
  })

  test('a hold is told by the reason that began first, and of two at once by their order', () => {
    const both = { supportHoldSince: at(2), recoverySince: at(1), reviewSince: at(3) }
    expect(listHolds(both).map(({ reason }) => reason)).toEqual(['recovery', 'support', 'review'])
    const atOnce = { holderHoldSince: at(1), reviewSince: at(1), supportHoldSince: at(1) }
    expect(listHolds(atOnce).map(({ reason }) => reason)).toEqual(['review', 'support', 'holder'])
  })

  test('is in docs/accounts.md as it is in the code', () => {
    const table = rowsOf(read('docs/accounts.md').split('## What it says')[0] ?? '')
    expect(table.map(([state, ...cells]) => [state, ...cells.slice(0, 5)])).toEqual(
      accountStates.map((state) => [
        `\`${state}\``,
        ...accountActs.map((act) => (may({ state }, act) ? 'yes' : 'no')),
      ]),
    )
  })
})

describe('the words for a state', () => {
  const held = (reason: HoldReason) => ({ since: 1, reason })

  test('are in docs/accounts.md as on every page', () => {
    const [, section = ''] = read('docs/accounts.md').split('## What it says')
    const said = accountStates.flatMap((state) => {
      const reasons = holdReasons.filter((reason) => reason !== 'review')
      const entries =
        state === 'held'
          ? reasons.map((reason) => [`\`held\`: ${reason}`, held(reason)] as const)
          : [[`\`${state}\``, null] as const]
      return entries.map(([name, hold]) => {
        const { headline, meaning } = stateWords({ state, held: hold })
        return [name, `${headline}. ${meaning}`]
      })
    })
    expect(rowsOf(section)).toEqual(said)
  })

  test('call no state by the word of another one', () => {
    const all = [
      ...accountStates
        .filter((state) => state !== 'held')
        .map((state) => stateWords({ state, held: null })),
      ...holdReasons.filter((reason) => reason !== 'review').map((reason) => holdWords[reason]),
    ]
    for (const member of ['label', 'headline'] as const) {
      expect(new Set(all.map((words) => words[member])).size).toBe(all.length)
    }
    const own: Readonly<Record<string, RegExp>> = {
      closed: /\bclosed\b/i,
      disabled: /\bdisabled\b/i,
      'in-review': /\bin review\b/i,
      unconfirmed: /\bnot confirmed\b/i,
      held: /\bon hold\b/i,
    }
    for (const state of accountStates) {
      const { label, headline } = stateWords({ state, held: held('support') })
      const named = Object.entries(own).filter(([, word]) => word.test(`${label}. ${headline}`))
      expect(named.map(([name]) => name)).toEqual(state in own ? [state] : [])
    }
  })

  test('the reason `review` is the state `in-review`, in the same words', () => {
    expect(holdWords.review).toBe(stateWords({ state: 'in-review', held: held('review') }))
  })
})

describe('one place decides', () => {
  test('the columns of a state are read in the slice of accounts and nowhere else', () => {
    const names = states.flatMap(([, columns]) => Object.keys(columns))
    const inSql = names.map((name) =>
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    )
    const readers = readersOf(new RegExp(`\\b(${[...names, ...inSql].join('|')})\\b`))
    expect(readers.filter((path) => !path.startsWith('accounts/'))).toEqual([])
    // A match that finds nothing would hold nothing.
    expect(readers).toContain('accounts/account-state.ts')
  })

  test('what brings a row to an apply file is called by the apply file alone', () => {
    const importers = readersOf(/from '[^']*\/sync-[a-z-]+\.ts'/)
    const names = (path: string) =>
      [...read(`src/${path}`).matchAll(/import ([^;]*?) from '[^']*\/sync-/g)]
        .map(([, clause = '']) => clause)
        .filter((clause) => /(^|[{ ])sync[A-Z]/.test(clause))
    const callers = importers.filter((path) => names(path).length > 0)
    expect(callers).toEqual(['cli/apply-accounts.ts', 'cli/apply.ts'])
  })
})
