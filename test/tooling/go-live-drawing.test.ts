import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type GoLiveCauser,
  goLiveStates,
  goLiveTransitions,
} from '../../src/courts/go-live-machine.ts'

const manual = readFileSync(new URL('../../docs/go-live.md', import.meta.url), 'utf8')

const causers: Readonly<Record<GoLiveCauser, string>> = {
  'court-manager': 'manager',
  operator: 'operator',
  time: 'time',
}

/** A state as the drawing names it. */
const named = (state: string) => state.replace('-', '_')

/** The machine as docs/go-live.md shows it: what leads from one state to another, then every transition. */
function drawing(): string {
  const arrows = goLiveTransitions.flatMap(({ kind, moves }) =>
    Object.entries(moves).flatMap(([from, to]) =>
      from === to ? [] : [`  ${named(from)} --> ${named(to)}: ${kind}`],
    ),
  )
  const rows = goLiveTransitions.map(({ kind, label, who, moves, needs }) =>
    [
      `\`${kind}\``,
      label,
      who.map((each) => causers[each]).join(', '),
      Object.keys(moves).length === goLiveStates.length ? 'all' : Object.keys(moves).join(', '),
      needs.join(', ') || '–',
    ].join(' | '),
  )
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> planned',
    ...arrows,
    '```',
    '',
    '| transition | what | who | from | needs |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n')
}

test('docs/go-live.md draws the machine of a go-live as it is', () => {
  const [, drawn = ''] = manual.split(/<!-- \/?machine -->/)
  expect(drawn.trim()).toBe(drawing())
})
