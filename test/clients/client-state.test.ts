import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  type ClientAct,
  clientMay,
  clientMaySql,
  clientStateOf,
  clientsThatMay,
} from '../../src/clients/client-state.ts'

const source = fileURLToPath(new URL('../../src', import.meta.url))

describe('what a client may do', () => {
  const acts: ClientAct[] = ['sign-people-in', 'be-offered', 'be-watched']
  const mayDo = (isActive: boolean) =>
    acts.filter((act) => clientMay({ state: clientStateOf({ isActive }) }, act))

  test('an active client does everything, and one that is switched off nothing', () => {
    expect([mayDo(true), mayDo(false)]).toEqual([acts, []])
  })

  test.each(acts)('the rows that may %s are those that the table allows it to', (act) => {
    expect(clientsThatMay(act)).toEqual({ OR: [{ isActive: true }] })
    expect(clientMaySql('c', act)).toBe('(c.is_active = true)')
  })

  test('the column of a state is read in one file and nowhere else', () => {
    const readers = globSync('**/*.ts', { cwd: source })
      .filter((path) => !path.startsWith('storage/generated/'))
      .filter((path) => /(?<!')\bisActive\b|\bis_active\b/.test(read(path)))
    // The quoted one is a name in the audit, which keeps its names.
    expect(readers).toEqual(['clients/client-state.ts'])
  })
})

function read(path: string): string {
  return readFileSync(`${source}/${path}`, 'utf8')
}
