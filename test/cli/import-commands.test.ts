import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { runCommandLine } from '../../src/cli/run.ts'
import { roles } from '../../src/courts/roles.ts'
import { importColumns } from '../../src/efiling/imported/import-row.ts'
import { countImported } from '../../src/efiling/imported/store.ts'
import type { CourtId } from '../../src/ids.ts'
import { commandSettings } from '../support/command-settings.ts'
import { kit } from '../support/kit.ts'
import { temporaryFolder } from '../support/server-process.ts'

const test = kit()
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the pattern to find what is needed.
  .extend('folder', { scope: 'file' }, ({}, { onCleanup }) => {
    const folder = temporaryFolder('import')
    onCleanup(() => folder.remove())
    return folder.path
  })
  .extend(
    'run',
    { scope: 'file' },
    ({ signOn, folder }) =>
      async (text: string, ...args: string[]) => {
        const path = join(folder, 'accounts.csv')
        writeFileSync(path, text)
        const out: string[] = []
        const err: string[] = []
        const log = vi.spyOn(console, 'log').mockImplementation((line) => void out.push(line))
        const error = vi.spyOn(console, 'error').mockImplementation((line) => void err.push(line))
        try {
          const words = args.map((word) => (word === 'FILE' ? path : word))
          const status = await runCommandLine(
            ['courts', 'import', ...words],
            commandSettings(signOn),
          )
          return { status, out, err }
        } finally {
          log.mockRestore()
          error.mockRestore()
        }
      },
  )

const head = 'login,name,email,role,status,actions'
const good = `${head}\njdoe,Jane Doe,jane@example.com,attorney,active,file\nrroe,Richard Roe,,attorney,inactive,\n`

describe('courts import', () => {
  test('tells by --dry-run what would change, then changes it, once', async ({ run, signOn }) => {
    const count = () => countImported(signOn.services.db, 'ncwd' as CourtId)
    expect(await run(good, 'ncwd', 'FILE', '--dry-run')).toEqual({
      status: 0,
      out: ['The file has 2 accounts, in UTF-8.', 'It would import: 2 new.'],
      err: [],
    })
    expect(await count()).toBe(0)
    expect((await run(good, 'ncwd', 'FILE')).out).toContain('Imported: 2 new.')
    expect(await count()).toBe(2)
    const again = await run(good, 'ncwd', 'FILE')
    expect([again.status, again.out[1]]).toEqual([0, 'It changes nothing: 2 as they are.'])
  })

  test('imports the example of docs/go-live.md, which names every column and role', async ({
    run,
  }) => {
    const manual = readFileSync(new URL('../../docs/go-live.md', import.meta.url), 'utf8')
    const [, shown = ''] = manual.split(/<!-- \/?example -->/)
    const example = shown.trim().replace(/^```csv\n|```$/g, '')
    expect(await run(example, 'ncwb', 'FILE')).toEqual({
      status: 0,
      out: ['The file has 4 accounts, in UTF-8.', 'Imported: 4 new.'],
      err: [],
    })
    const [head] = example.split('\n')
    expect(head).toBe(importColumns.join(','))
    for (const name of [...importColumns, ...roles]) expect(manual).toContain(`\`${name}\``)
  })

  test('names every wrong line and exits with 1', async ({ run }) => {
    const wrong = `${good}JDOE,J,nobody,attorney,active,file\nx,X,,attorney,odd,file\n`
    for (const option of ['--dry-run', '--operator=olga']) {
      expect(await run(wrong, 'ncwd', 'FILE', option)).toEqual({
        status: 1,
        out: [],
        err: [
          'line 4: email: is no address like name@example.com',
          'line 5: status: is none of active, suspended, inactive',
          'Nothing was imported. 2 things are wrong in the file. Mend all of them and send the file again.',
        ],
      })
    }
  })

  test('needs a court and a file that are there', async ({ run }) => {
    expect((await run(good, 'ncwd')).status).toBe(64)
    expect((await run(good, 'zzzz', 'FILE')).err).toEqual([
      'Nothing was imported. There is no such court.',
    ])
    expect((await run(good, 'N.C.', 'FILE')).err).toEqual([
      'N.C. is no court: courts are named as in ncwd',
    ])
    const nowhere = await run(good, 'ncwd', '/nowhere.csv')
    expect([nowhere.status, nowhere.err[0]]).toEqual([1, expect.stringContaining('cannot be read')])
  })
})
