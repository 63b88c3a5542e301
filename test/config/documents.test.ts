import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadConfig, settings } from '../../src/config/config.ts'

const names = Object.keys(settings)
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
/** Whose default is of the machine, so that no file can show it. */
const ofThisMachine = { CSO_PASSWORD_CONCURRENCY: '1' }

/** As somebody would write it into the environment; undefined where there is none. */
function defaultOf(schema: z.core.$ZodType): string | undefined {
  const shown = z.globalRegistry.get(schema)?.['default']
  if (shown !== undefined) return String(shown)
  const { def } = schema._zod as { def: z.core.$ZodTypeDef }
  if (def.type === 'default') return String((def as z.core.$ZodDefaultDef).defaultValue)
  if (def.type === 'pipe') return defaultOf((def as z.core.$ZodPipeDef).in)
  return undefined
}

type Row = { name: string; meaning: string; fallback: string; example: string }

const rows: Row[] = [...read('docs/operate.md').matchAll(/^\| `[A-Z][A-Z_]+` \|.*\|$/gm)]
  .map(([row]) => row.split('|').slice(1, -1))
  .filter((cells) => cells.length === 4)
  .map((cells) => {
    const [name = '', meaning = '', fallback = '', example = ''] = cells.map((cell) => cell.trim())
    return { name: name.replaceAll('`', ''), meaning, fallback, example }
  })

describe('the table of docs/operate.md', () => {
  test('has every setting once, and none more', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...names].sort())
  })

  test.each(Object.entries(settings))('says of %s what the schema says', (name, schema) => {
    const row = rows.find((each) => each.name === name)
    expect(schema.description).toBeTruthy()
    expect(row?.meaning).toBe(schema.description)
    const fallback = defaultOf(schema)
    const isValue = fallback !== undefined && fallback !== '' && !fallback.includes(' ')
    expect(row?.fallback).toBe(
      isValue ? `\`${fallback}\`` : fallback === '' ? 'none' : (fallback ?? ''),
    )
    if (!isValue) return
    const without = loadConfig(ofThisMachine)
    expect(loadConfig({ ...ofThisMachine, [name]: fallback })).toEqual(without)
  })

  test('shows only examples that would be taken', () => {
    const examples = rows.filter(
      ({ name, example }) => example && !example.includes('…') && !(name in ofThisMachine),
    )
    expect(examples.length).toBeGreaterThan(10)
    for (const { name, example } of examples) {
      const schema = settings[name as keyof typeof settings] as z.ZodType
      expect(schema.safeParse(example.replaceAll('`', '')).success, name).toBe(true)
    }
  })
})

describe('.env.example', () => {
  const text = read('.env.example')
  const shown = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, name = '', value = '']) => [name, value] as const)

  test('has every setting once, with what holds without it', () => {
    const lines = shown(/^([A-Z_]+)=(.*)$/gm)
    expect(lines.map(([name]) => name).sort()).toEqual([...names].sort())
    for (const [name, value] of lines) {
      if (name in ofThisMachine) continue
      expect(value, name).toBe(defaultOf(settings[name as keyof typeof settings]) ?? '')
    }
    expect(loadConfig(Object.fromEntries(lines))).toEqual(loadConfig(ofThisMachine))
  })

  test('shows in comments only what would be taken as well', () => {
    const lines = shown(/^# ([A-Z_]+)=(.*)$/gm)
    expect(lines.length).toBeGreaterThan(0)
    for (const [name, value] of lines) {
      expect(names).toContain(name)
      expect(() => loadConfig({ [name]: value })).not.toThrow()
    }
  })
})

describe('what is set or named elsewhere', () => {
  const named = (text: string) =>
    [...text.matchAll(/\b(?:CSO_[A-Z_]*[A-Z]|DATABASE_URL|REDIS_URL)\b/g)].map(([name]) => name)

  test.each(['Dockerfile', 'compose.yaml'])('%s has only settings that exist', (file) => {
    const found = named(read(file))
    expect(found.length).toBeGreaterThan(2)
    expect(found.filter((name) => !names.includes(name))).toEqual([])
  })

  test.each(['README.md', 'SECURITY.md', 'docs/operate.md', 'docs/integrate.md'])(
    '%s names only settings that exist',
    (file) => {
      // The example of a mistyped one names it on purpose.
      const text = read(file).replaceAll(/^cannot start: .*$/gm, '')
      expect(named(text).filter((name) => !names.includes(name))).toEqual([])
    },
  )
})
