import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

function textOf(folder: string, ending: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending) && !path.includes('generated'))
    .map((path) => readFileSync(join(root, folder, path), 'utf8'))
    .join('\n')
}

const source = textOf('src', '.ts')
const models = [
  ...textOf('prisma/schema', '.prisma').matchAll(
    /(?<comment>(?:^\/\/\/.*\n)*)^model (?<name>\w+) \{(?<body>[\s\S]*?)^\}/gm,
  ),
].map(({ groups }) => ({
  name: groups!['name']!,
  comment: groups!['comment']!,
  body: groups!['body']!,
}))

const isUsedByPrisma = (model: string) =>
  new RegExp(
    `\\b(?:prisma|tx|reader)\\.${model[0]!.toLowerCase()}${model.slice(1)}\\.[a-z]\\w+\\(`,
  ).test(source)

describe('the models of prisma/schema', () => {
  test('are all found', () => {
    expect(models.length).toBeGreaterThanOrEqual(19)
    expect(isUsedByPrisma('Account')).toBe(true)
  })

  test.each(models)('$name has a client where something uses it, or says why', (model) => {
    const isIgnored = /^ {2}@@ignore$/m.test(model.body)
    const isJustified = model.comment.includes('/// Not ignored, though')
    expect(isIgnored || isJustified).toBe(!isUsedByPrisma(model.name))
    expect(isIgnored && isJustified).toBe(false)
  })
})
