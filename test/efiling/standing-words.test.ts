import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as court from '../../demo/courts/efiling.ts'
import {
  accountLimits,
  admittedOnly,
  describeStanding,
  heldTexts,
  statusWords,
  suspendedWithNotices,
  withoutFiling,
} from '../../src/efiling/standing-words.ts'

const manual = readFileSync(new URL('../../docs/integrate.md', import.meta.url), 'utf8')

/** The rows of the manual's table, by their first cell. */
const published = new Map(
  [...manual.matchAll(/^\| (`[^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    ([, about = '', label, text]) => [about, { label, text }],
  ),
)

describe('the words for a standing', () => {
  test('are the same in the demonstration’s courts, which know only the manual', () => {
    expect(court.statusWords).toEqual(statusWords)
    expect(court.withoutFiling).toEqual(withoutFiling)
    expect(court.suspendedWithNotices).toBe(suspendedWithNotices)
    expect(court.admittedOnly).toEqual(admittedOnly)
    expect(court.accountLimits).toEqual(accountLimits)
    expect(court.heldTexts).toEqual(heldTexts)
  })

  test('stand in the manual for every court to use', () => {
    for (const [status, words] of Object.entries(statusWords)) {
      const about = status === 'active' ? '`active` with `file`' : `\`${status}\``
      expect(published.get(about), status).toEqual(words)
    }
    const rows: [string, string, string][] = [
      ['`active` with `receive-notices` alone', 'Active', withoutFiling.notices],
      ['`active` with `apply`, not `file`', 'Active', withoutFiling.apply],
      ['`active` with nothing', 'Active', withoutFiling.nothing],
      ['`suspended` with `receive-notices`', 'Suspended', suspendedWithNotices],
      ['`none`, with `admitted`', admittedOnly.label, admittedOnly.text],
      ...Object.entries(heldTexts).map(([reason, text]): [string, string, string] => [
        `\`active\`, held: \`${reason}\``,
        'Active',
        text,
      ]),
      ['`none`, a firm', 'Not linked', accountLimits.firm],
      ['`none`, a shared account', 'Not linked', accountLimits.shared],
      ['`none`, a legacy account', 'Not linked', accountLimits.legacy],
    ]
    for (const [about, label, text] of rows) {
      expect(published.get(about), about).toEqual({ label, text })
    }
  })

  test('a court says "you may file here" exactly where it granted that', () => {
    const say = (entry: object, pacer: object = {}) =>
      court.describeStanding({ pacer, efiling: { ncwd: entry } }, 'ncwd').text
    const active = (actions: string[]) => ({ status: 'active', actions })
    expect(say(active(['file']))).toBe('You may file here.')
    expect(say(active(['receive-notices']))).toBe(withoutFiling.notices)
    expect(say(active([]))).toBe(withoutFiling.nothing)
    const held = { since: 1795449600, reason: 'support' }
    expect(say({ ...active([]), held })).toBe(heldTexts.support)
    expect(say({ ...active([]), held: { ...held, reason: 'new' } })).toMatch(/No court has decided/)
    expect(say({ status: 'suspended', actions: [], held })).toBe(statusWords.suspended.text)
    expect(say({ status: 'none', actions: [] }, { upgraded: false })).toBe(accountLimits.legacy)
  })

  test('everything that a court can say is said differently, here and at the courts', () => {
    const holder = { type: 'individual', isUpgraded: true } as const
    const entries = [
      { status: 'none', actions: [] },
      { status: 'none', actions: [], admitted: true },
      { status: 'active', actions: ['file'] },
      { status: 'active', actions: ['receive-notices'] },
      { status: 'active', actions: ['apply'] },
      { status: 'active', actions: [] },
      { status: 'suspended', actions: ['receive-notices'] },
      { status: 'suspended', actions: [] },
      { status: 'revoked', actions: [] },
      { status: 'lapsed', actions: [] },
    ] as const
    const said = entries.map((entry) => describeStanding(entry, holder))
    expect(new Set(said.map(({ text }) => text)).size).toBe(entries.length)
    const atCourt = entries.map((entry) => {
      return court.describeStanding({ pacer: {}, efiling: { ncwd: entry } }, 'ncwd')
    })
    expect(atCourt).toMatchObject(said)
  })

  test('an absent court means that there is nothing, and no claim at all that nothing is known', () => {
    expect(court.describeStanding({ efiling: {} }, 'ncwd').status).toBe('none')
    expect(court.describeStanding({}, 'ncwd').status).toBe('unknown')
  })
})
