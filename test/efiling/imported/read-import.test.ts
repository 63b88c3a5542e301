import { describe, expect, test } from 'vitest'
import { importColumns } from '../../../src/efiling/imported/import-row.ts'
import {
  importEncoding,
  mostWrongLines,
  readImport,
} from '../../../src/efiling/imported/read-import.ts'

const head = 'login,name,email,role,status,actions'
const jane = 'jdoe,Jane Doe,jane@example.com,attorney,active,file'

async function read(text: string | Uint8Array) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const rows: unknown[] = []
  const problems: [number, string][] = []
  for await (const line of readImport(bytes)) {
    if ('row' in line) rows.push({ line: line.line, ...line.row })
    else problems.push(...line.problems.map((text): [number, string] => [line.line, text]))
  }
  return { rows, problems }
}

describe('a file of accounts', () => {
  test('is read with everything that a line may say', async () => {
    const hash = '$6$saltstring$'.padEnd(100, 'a')
    const { rows, problems } = await read(
      `${importColumns.join(',')}\nJDoe,"Doe, Jane",Jane@Example.com,NC 12345,Attorney,suspended,Yes,12/31/2027,"file; receive-notices",2028-02-29,${hash}\n`,
    )
    expect(problems).toEqual([])
    expect(rows).toEqual([
      {
        line: 2,
        login: 'JDoe',
        loginCanonical: 'jdoe',
        name: 'Doe, Jane',
        email: 'Jane@Example.com',
        emailCanonical: 'jane@example.com',
        barNumber: 'NC 12345',
        role: 'attorney',
        status: 'suspended',
        isAdmitted: true,
        admittedUntil: '2027-12-31',
        actions: ['file', 'receive-notices'],
        endsOn: '2028-02-29',
        oldHash: { settings: '$6$saltstring$', hash: 'a'.repeat(86) },
      },
    ])
  })

  test('is read as court systems write it: a BOM, CRLF, line breaks in cells, columns without a name', async () => {
    const { rows, problems } = await read(
      '\uFEFFLogin,"Name",E-Mail,ROLE,Status,Actions,,\r\n' +
        'jdoe,"Doe,\r\n  Jane",,attorney,active,file,,\r\n' +
        ',,,,,,,\r\n\r\n' +
        'rroe,"Richard ""Rick"" Roe",,attorney,inactive,,,\n' +
        'mpoe,Mary Poe,nobody,attorney,active,file,,',
    )
    expect(problems).toEqual([[7, 'email: is no address like name@example.com']])
    expect(rows).toMatchObject([
      { line: 2, login: 'jdoe', name: 'Doe, Jane', email: null },
      { line: 6, login: 'rroe', name: 'Richard "Rick" Roe', status: 'inactive', actions: [] },
    ])
  })

  test('is read as Windows wrote it where it is not UTF-8', async () => {
    const utf8 = Buffer.from(`${head}\njpena,José Peña,,attorney,active,file\n`)
    const windows = Buffer.from(utf8.toString('utf8'), 'latin1')
    expect([importEncoding(utf8), importEncoding(windows)]).toEqual(['UTF-8', 'Windows-1252'])
    // A curly apostrophe, which Latin-1 does not have.
    windows[windows.indexOf('J', head.length + 7)] = 0x92
    const [one, other] = [(await read(utf8)).rows, (await read(windows)).rows]
    expect(one).toMatchObject([{ name: 'José Peña' }])
    expect(other).toMatchObject([{ name: '’osé Peña' }])
  })

  test.for([
    ['', [[1, 'the file is empty: its first line names the columns']]],
    [`${head}\n`, [[2, 'the file has no accounts']]],
    [
      `login,nam,name,name,role,actions,password\n${jane}`,
      [
        [1, 'there is no column nam (did you mean name?)'],
        [1, expect.stringContaining('there is no column password')],
        [1, 'the column name stands there 2 times'],
        [1, 'the column status is missing'],
      ],
    ],
    ['login;name;role\n', [[1, 'columns are separated by commas']]],
    ['\u0000l\u0000o', [[1, 'the file is no text in UTF-8: save it as CSV in UTF-8']]],
    [
      `${head}\n${jane}\nrroe,Richard Roe\n${jane.replace('jdoe', 'x')},,more`,
      [
        [3, 'has 2 cells, and the first line names 6'],
        [4, 'cell 8 has a text, and its column has no name'],
      ],
    ],
    [
      `${head}\n${jane}\nJDOE,John Doe,,attorney,active,file\n${jane}`,
      [
        [3, 'login: JDOE stands in line 2 already, in other capitals'],
        [4, 'login: jdoe stands in line 2 already'],
      ],
    ],
    [
      `${head}\nj doe,,x,judge,on,file;shred\nrroe,R\u0001,,attorney,active,`,
      [
        [2, 'login: has a blank in it'],
        [2, 'name: is empty'],
        [2, 'email: is no address like name@example.com'],
        [2, expect.stringMatching(/^role: is none of attorney, /)],
        [2, 'status: is none of active, suspended, inactive'],
        [2, 'actions: may have file, receive-notices, apply, with a blank between'],
        [3, 'name: has a character that cannot be shown'],
        [3, expect.stringMatching(/^actions: is empty, and the status is active/)],
      ],
    ],
    [
      `${head},admitted,admitted_until,last_day,password_hash\n${jane},perhaps,,2027-02-30,secret\n${jane.replace('jdoe', 'x')},no,2027-01-01,,$1$a$b`,
      [
        [2, 'admitted: is neither yes nor no'],
        [2, 'last_day: is no day like 2027-01-31 or 01/31/2027'],
        [2, expect.stringMatching(/^password_hash: is no hash that is taken; taken are bcrypt/)],
        [3, 'admitted_until: has a day, and admitted does not say yes'],
        [3, expect.stringContaining('SHA-512-crypt')],
      ],
    ],
    [
      `${head}\n${jane}\nrroe,Rick "R" Roe,,attorney,active,file\n,,,,,`,
      [[3, expect.stringMatching(/^a quotation mark stands in the middle/)]],
    ],
    [`${head}\n${jane}\nrroe,"Rick`, [[3, expect.stringMatching(/is not closed/)]]],
    [
      `${head}\n${jane}\n"${'x,y\n'.repeat(5000)}`,
      [[3, expect.stringMatching(/^has more than 16384 characters/)]],
    ],
    [
      `${head}\n${jane.replace('Jane Doe', 'x'.repeat(201))}`,
      [[2, 'name: has more than 200 characters']],
    ],
  ] as const)('says what is wrong by line: %#', async ([text, problems]) => {
    expect((await read(text)).problems).toEqual(problems)
  })

  test('never repeats what stood in the column of the hash', async () => {
    const { problems } = await read(`${head},password_hash\n${jane},swordfish\n`)
    expect(JSON.stringify(problems)).not.toContain('swordfish')
  })

  test('is not read behind a thousand lines that are wrong, whatever stands there', async () => {
    const cut: unknown[] = []
    const lines = [head, ...Array(100_000).fill('x')].join('\n')
    let count = 0
    for await (const line of readImport(Buffer.from(lines))) {
      count += 1
      if ('isCut' in line) cut.push(line)
    }
    expect(count).toBe(mostWrongLines)
    expect(cut).toMatchObject([{ line: mostWrongLines + 1, isCut: true }])
  })

  test.for(['x', '', jane])(
    'lets others have their turn, however short its lines are: %j',
    async (line) => {
      // Each turn of the event loop is counted while it is read.
      let turns = 0
      let timer = setImmediate(function again() {
        turns += 1
        timer = setImmediate(again)
      })
      const text = [head, ...Array(900).fill(line)].join('\n')
      await read(text)
      clearImmediate(timer)
      expect(turns).toBeGreaterThan(3)
    },
  )

  test('has as many empty lines at most as accounts', async () => {
    const { problems } = await read(`${head}\n${',,,,,\n'.repeat(200_001)}`)
    expect(problems).toEqual([[200_002, 'the file has more than 200000 empty lines']])
  })

  test('has 32 MB at most, which is looked at before anything is read', async () => {
    const { problems } = await read(Buffer.alloc(32 * 1024 * 1024 + 1, 'a'))
    expect(problems).toEqual([[1, 'the file has more than 32 MB: send it in parts']])
  })
})
