import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type Causer,
  reasonCodes,
  reasonLabels,
  transitions,
} from '../../src/efiling/right-machine.ts'

const manual = readFileSync(new URL('../../docs/rights.md', import.meta.url), 'utf8')

const causers: Readonly<Record<Causer, string>> = {
  clerk: 'clerk',
  'court-manager': 'manager',
  holder: 'holder',
  operator: 'operator',
  time: 'time',
}

/** A state as the drawing names it. */
const named = (state: string) => state.replace('-', '_')

/** The machine as docs/rights.md shows it: what leads from one state to another, then every transition. */
function drawing(): string {
  const arrows = transitions.flatMap(({ kind, moves }) =>
    Object.entries(moves).flatMap(([from, to]) =>
      from === to ? [] : [`  ${named(from)} --> ${named(to)}: ${kind}`],
    ),
  )
  const rows = transitions.map((transition) => {
    const { kind, label, who, moves, notByHolder = [], needs, tells, supersedes } = transition
    const from = Object.keys(moves).map((state) =>
      (notByHolder as readonly string[]).includes(state) ? `${state} (not its holder)` : state,
    )
    return [
      `\`${kind}\``,
      supersedes ? `${label}; also while a decision waits` : label,
      who.map((each) => causers[each]).join(', '),
      from.length === 7 ? 'all' : from.join(', '),
      needs.join(', ') || '–',
      tells.join(', ') || '–',
    ].join(' | ')
  })
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> none',
    ...arrows,
    '```',
    '',
    '| transition | what | who | from | needs | tells |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

describe('docs/rights.md', () => {
  test('draws the machine as it is', () => {
    const [, drawn = ''] = manual.split(/<!-- \/?machine -->/)
    expect(drawn.trim()).toBe(drawing())
  })

  test('has every reason with its words', () => {
    const rows = [...manual.matchAll(/^\| `([a-z-]+)` \| ([^|;]+)/gm)]
    for (const code of reasonCodes.filter((each) => each !== 'other')) {
      const row = rows.find(([, name]) => name === code)
      expect(row?.[2]?.trim(), code).toBe(reasonLabels[code])
    }
  })
})
