import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { readCommandLine, runCommandLine } from '../../src/cli/run.ts'
import { commandSettings } from '../support/command-settings.ts'
import { createCourt } from '../support/court.ts'
import { kit } from '../support/kit.ts'
import { jane, nora } from '../support/people.ts'
import { temporaryFolder } from '../support/server-process.ts'

/** Every command that a document shows, read by the parser that reads them and, where it can be, run. */

const root = join(import.meta.dirname, '../..')
const documents = globSync(['README.md', 'docs/*.md', 'demo/*.md', 'src/*/README.md'], {
  cwd: root,
}).sort()

type Shown = { readonly file: string; readonly line: number; readonly words: string }

/** The text of every line that follows this start of a command, in blocks and within sentences. */
function shownAfter(start: RegExp): Shown[] {
  return documents.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((text, index) =>
        [...text.matchAll(new RegExp(`${start.source}([^\`|]*)`, 'g'))].map((match) => ({
          file,
          line: index + 1,
          // A comment, a redirection, what comes after it, and the end of a quoted script.
          words: match[1]!
            .replace(/\s+(#|<|>|&&|&|;).*$/, '')
            // One word, whatever it says.
            .replace(/"[^"]*"/g, 'quoted')
            .replace(/['"].*$/, '')
            .trim(),
        })),
      ),
  )
}

const commandLines = shownAfter(/(?:npm run cli --|node src\/cli\/main\.ts)\s/).filter(
  // "npm run cli -- …" stands for all of them.
  ({ words }) => words !== '' && !/^[…<]/.test(words),
)
const npmScripts = shownAfter(/npm (?=run \w|start|test|ci)/).filter(
  ({ words }) => !words.startsWith('ci'),
)

const test = kit().override('people', [jane, nora])

describe('a command that a document shows', () => {
  test('is found in the documents at all', () => {
    expect(commandLines.length).toBeGreaterThan(25)
    const inManual = commandLines.filter(({ file }) => file === 'docs/operate.md')
    expect(inManual.length).toBeGreaterThan(20)
    expect(npmScripts.length).toBeGreaterThan(10)
  })

  test.for(commandLines)('$file:$line: $words', ({ words }) => {
    expect(() => readCommandLine(words.split(/\s+/), {})).not.toThrow()
  })

  test('would be refused with an option or a command of another name', () => {
    expect(() => readCommandLine(['apply', '--chekc', 'first.yaml'], {})).toThrow(/no option here/)
    expect(() => readCommandLine(['account', 'show', 'x'], {})).toThrow(/is no command/)
    expect(() => readCommandLine(['doctor', '--all'], {})).toThrow(/takes no --all/)
  })

  test.for(npmScripts)('npm $words ($file:$line) is a script of this repository', ({ words }) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const [first, second] = words.split(/\s+/)
    expect(Object.keys(scripts)).toContain(first === 'run' ? second : first)
  })
})

test('the commands of the manual can be given one after the other', async ({ signOn }) => {
  const folder = temporaryFolder('documented')
  writeFileSync(join(folder.path, 'first.yaml'), JSON.stringify({ accounts: [] }))
  await createCourt(signOn, 'ncwd', { id: 'ncwd-cmecf' })
  await createCourt(signOn, 'ncwb', { id: 'ncwb-cmecf' })
  const told: string[] = []
  const prints = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((line) => {
      told.push(String(line))
    }),
  )
  const results: string[] = []
  try {
    for (const { file, words } of commandLines) {
      // Names of a synopsis, and what is read from standard input.
      if (file !== 'docs/operate.md' || /…|[A-Z]{3}|apply -/.test(words)) continue
      const args = words
        .split(/\s+/)
        .map((word) => (word === 'first.yaml' ? join(folder.path, word) : word))
        .map((word, index, all) =>
          all[index - 1] === '--directory' ? join(folder.path, 'keys') : word,
        )
      told.length = 0
      const status = await runCommandLine(args, commandSettings(signOn))
      // The document's fingerprint is of nobody's secret here, and no job of that number is dead.
      const isExpected = /^(secrets revoke|jobs retry)/.test(words) ? status === 1 : status === 0
      if (!isExpected) results.push(`${words}: ${status} ${told.join(' ')}`)
    }
  } finally {
    for (const print of prints) print.mockRestore()
    folder.remove()
  }
  expect(results).toEqual([])
}, 60_000)
