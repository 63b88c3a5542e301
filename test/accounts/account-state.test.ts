import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type AccountAct, may, stateOf, stateSince } from '../../src/accounts/account-state.ts'

const source = fileURLToPath(new URL('../../src', import.meta.url))
const files = globSync('**/*.ts', { cwd: source }).filter(
  (path) => !path.startsWith('storage/generated/'),
)
const readersOf = (pattern: RegExp) =>
  files.filter((path) => pattern.test(readFileSync(`${source}/${path}`, 'utf8'))).sort()

describe('what an account may do', () => {
  const acts: AccountAct[] = ['sign-in', 'search', 'file', 'recover', 'be-written-to']
  const mayDo = (state: 'active' | 'disabled') => acts.filter((act) => may({ state }, act))

  test('an active account may do everything that its kind may', () => {
    expect(mayDo('active')).toEqual(acts)
  })

  test('a disabled account may not sign in, and keeps what was decided elsewhere', () => {
    expect(mayDo('disabled')).toEqual(['search', 'file', 'be-written-to'])
  })

  test('the state of a row says since when', () => {
    const at = new Date('2026-11-01T00:00:00Z')
    expect([stateOf({ disabledAt: null }), stateSince({ disabledAt: null })]).toEqual([
      'active',
      undefined,
    ])
    expect([stateOf({ disabledAt: at }), stateSince({ disabledAt: at })]).toEqual(['disabled', at])
  })

  test('the columns of a state are read in the slice of accounts and nowhere else', () => {
    const readers = readersOf(/\bdisabledAt\b|\bdisabled_at\b/)
    expect(readers.filter((path) => !path.startsWith('accounts/'))).toEqual([])
    // A match that finds nothing would hold nothing.
    expect(readers).toContain('accounts/account-state.ts')
  })

  test('what brings a row to an apply file is called by the apply file alone', () => {
    const importers = readersOf(/from '[^']*\/sync-[a-z-]+\.ts'/)
    const names = (path: string) =>
      [...readFileSync(`${source}/${path}`, 'utf8').matchAll(/import ([^;]*?) from '[^']*\/sync-/g)]
        .map(([, clause = '']) => clause)
        .filter((clause) => /(^|[{ ])sync[A-Z]/.test(clause))
    const callers = importers.filter((path) => names(path).length > 0)
    expect(callers).toEqual(['cli/apply-accounts.ts', 'cli/apply.ts'])
  })
})
