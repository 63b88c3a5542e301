import { describe, expect, test } from 'vitest'
import { readDocument } from '../../src/cli/document.ts'
import { documentParts, wholeDocument } from '../../src/cli/document-parts.ts'

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    number: String(1_000_000 + index),
    given_name: `Jane "J." O’Neil, {${index}} [x]`,
    standings: [{ court: 'ncwd', actions: ['file'] }, { court: 'ncwb' }],
  }))

const block = `# people
courts: []   # none
clients:
  - id: one
    metadata: { a: [1, 2],
      b: "two: - lines
        - go on" }

  # between
  - id: two
    note: |
      - no item
      accounts:
accounts:
- number: "1"
  standings:
  - court: ncwd
- number: "2"
-
  number: "3"
`

const laidOut = {
  'a block': block,
  'a block that begins with a line of dashes': `---\n${block}`,
  'a block with the ends of lines of Windows': block.replaceAll('\n', '\r\n'),
  'indented JSON': JSON.stringify({ courts: [], accounts: people(7) }, null, 2),
  'JSON in one line': JSON.stringify({ clients: people(2), accounts: people(7), courts: [] }),
}

describe('A document that is read in parts', () => {
  for (const [name, text] of Object.entries(laidOut)) {
    test(`is the same as in one piece: ${name}`, () => {
      const whole = readDocument(text, (all) => [wholeDocument(all)])
      const parts = readDocument(text, (all) => documentParts(all, 2))
      if (!whole.ok || !parts.ok) throw new Error('both must be read')
      expect(documentParts(text, 2).length).toBeGreaterThan(3)
      expect(parts.value.content).toEqual(whole.value.content)
      for (const path of pathsOf(whole.value.content)) {
        expect([path, parts.value.placeOf(path)]).toEqual([path, whole.value.placeOf(path)])
      }
    })
  }

  test.each([
    ['two lists of one name', 'accounts:\n  - a: 1\naccounts:\n  - b: 1\n'],
    ['two lists of one name in JSON', '{"accounts": [{}], "accounts": [{}]}'],
    ['an item that stands out', 'accounts:\n  - a: 1\n - b: 1\n'],
    ['two documents', 'accounts:\n  - a: 1\n---\naccounts:\n  - b: 1\n'],
    ['a text without its end', 'accounts:\n  - a: "x\n  - b: "y"\n'],
    ['a list without its end', '{"accounts": [{"a": 1}, {"b": 2}'],
    ['brackets that cross', '{"accounts": [{"a": [1}, {"b": 2]}]}'],
    ['something after the end', '{"accounts": [{"a": 1}]} and more'],
    ['an alias', 'accounts:\n  - &one { a: 1 }\n  - *one\n'],
    ['a merge', 'accounts:\n  - { a: 1 }\n  - { <<: { b: 1 } }\n'],
    ['a member of the prototype', '__proto__:\n  - { a: 1 }\n'],
  ])('refuses what a document in one piece is refused for: %s', (_name, text) => {
    const whole = readDocument(text, (all) => [wholeDocument(all)])
    const parts = readDocument(text, (all) => documentParts(all, 1))
    expect(whole.ok).toBe(false)
    expect(parts.ok).toBe(false)
    const [first, second] = [whole, parts].map((read) => !read.ok && read.problems[0]?.message)
    expect(second).toBe(first)
  })

  test.each([
    ['a list', '- a\n- b\n'],
    ['a map in braces without quotes', '{ accounts: [{ number: "1" }] }'],
    ['a comma after the last', '{"accounts": [{"a": 1},]}'],
    ['nothing', ''],
    ['a text', 'hello'],
  ])('reads as before what is laid out in another way: %s', (_name, text) => {
    const whole = readDocument(text, (all) => [wholeDocument(all)])
    const parts = readDocument(text, (all) => documentParts(all, 1))
    expect(parts.ok && parts.value.content).toEqual(whole.ok && whole.value.content)
  })

  test('says in words that it is nested too deeply', () => {
    const text = `{"accounts": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect(readDocument(text)).toMatchObject({
      problems: [{ line: 1, message: 'is nested far deeper than anything that is known here' }],
    })
  })

  test('has small parts, however long it is', () => {
    const text = `accounts:\n${people(20_000)
      .map((person) => `  - ${JSON.stringify(person)}\n`)
      .join('')}`
    const largest = Math.max(...documentParts(text).map((part) => part.text.length))
    expect(largest).toBeLessThan(16 * 1024)
    const read = readDocument(text)
    expect(read.ok && (read.value.content as { accounts: unknown[] }).accounts).toHaveLength(20_000)
  })
})

function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const own = [...path, Array.isArray(value) ? Number(name) : name]
    return [own, [...own, 'missing'], ...pathsOf(inner, own)]
  })
}
