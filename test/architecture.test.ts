import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findEngineCasts } from './support/engine-casts.ts'
import {
  findForeignWrites,
  findImports,
  findRepeatedTypes,
  findSidewaysEdges,
  readOwnership,
  readSource,
} from './support/house.ts'
import { findOuterDatabase } from './support/outer-database.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'src')

/** Lowest first: a folder imports itself and what stands on a lower step. A new edge is a decision. */
const ladder = [
  ['leaf'],
  ['config'],
  ['storage', 'http', 'signing'],
  ['audit'],
  ['jobs'],
  ['mail', 'sessions'],
  ['courts', 'accounts', 'installation', 'site'],
  ['staff'],
  ['efiling'],
  ['clients'],
  ['signin'],
  ['oidc', 'portal', 'console'],
  ['top', 'cli'],
]

/** The composition root: the application, and of it our own pages. */
const wiring = ['app.ts', 'own-pages.ts']

/** Files directly under `src`: those that import nothing of ours but one another, and the top. */
const leaves = new Set([
  'check-shape.ts',
  'clock.ts',
  'count-in-words.ts',
  'country-names.ts',
  'days.ts',
  'errors.ts',
  'help-line.ts',
  'ids.ts',
  'log.ts',
  'nearest.ts',
  'networks.ts',
  'outages.ts',
  'outcome.ts',
  'loggable-path.ts',
  'page-of-form.ts',
  'paths.ts',
  'problem.ts',
  'time-in-words.ts',
  'state-names.ts',
  'time-in-words.ts',
  'upload-path.ts',
  'version.ts',
])

/** Each library has one home, and its types may be named by what works with them. */
const homes: Record<string, readonly string[]> = {
  '@node-rs/argon2': ['accounts/argon2-thread.ts', 'efiling/imported/'],
  bcryptjs: ['efiling/imported/'],
  unixcrypt: ['efiling/imported/old-hash-thread.ts'],
  'csv-stringify/sync': ['console/csv-export.ts'],
  piscina: ['accounts/password.ts', 'accounts/guessability.ts'],
  '@zxcvbn-ts/core': ['accounts/guess-thread.ts'],
  '@zxcvbn-ts/language-common': ['accounts/guess-thread.ts'],
  '@zxcvbn-ts/language-en': ['accounts/guess-thread.ts'],
  nodemailer: ['mail/transport.ts'],
  ioredis: ['storage/redis.ts', 'storage/faults.ts'],
  pg: ['storage/'],
  '@electric-sql/pglite': ['storage/'],
  '@electric-sql/pglite-prepopulatedfs': ['storage/embedded.ts'],
  'rate-limiter-flexible': ['storage/window-counter.ts'],
  pino: ['log.ts'],
  undici: ['http/outbound.ts'],
  'ipaddr.js': ['networks.ts'],
  'csv-parse': ['efiling/imported/read-import.ts'],
  yaml: ['cli/document.ts'],
  eta: ['http/page-shell.ts'],
  'koa-send': ['http/assets.ts'],
  '@fastify/busboy': ['http/read-upload.ts'],
  jose: ['signing/', 'oidc/'],
  'koa-compose': ['http/outside.ts'],
  'oidc-provider': ['oidc/'],
}

/** Between folders of one step; each is a decision, and goes in one direction. */
const sidewaysEdges: readonly string[] = []

/** Who owns which table stands in `prisma/schema/`, one file per slice. */
const owned = readOwnership(join(root, 'prisma/schema'))

/** Writes of a table whose name is put together, where the reader is told which it is. */
const spokenFor: readonly string[] = [
  `audit/chain.ts: INSERT INTO \${links}`,
  `audit/checkpoint.ts: INSERT INTO \${checkpoints}`,
  // The table of Prisma's own, as its command writes it.
  'storage/migrate.ts: INSERT INTO _prisma_migrations',
  `jobs/sweep.ts: DELETE FROM \${table}`,
]

const files = readSource(source)
const imports = files.flatMap(findImports)
const ours = imports.filter(({ to }) => to.endsWith('.ts') && !to.startsWith('storage/generated'))

function stepOf(path: string): number {
  const [folder = ''] = path.split('/')
  const name = path.includes('/') ? folder : leaves.has(path) ? 'leaf' : 'top'
  const step = ladder.findIndex((names) => names.includes(name))
  if (step === -1) throw new Error(`${path} stands on no step of the ladder`)
  return step
}

describe('the shape of src', () => {
  test('every folder imports only what stands below it', () => {
    const wrong = ours.filter(({ from, to }) => {
      const isSameFolder = from.split('/')[0] === to.split('/')[0] && from.includes('/')
      return !isSameFolder && stepOf(to) > stepOf(from)
    })
    expect(wrong).toEqual([])
  })

  test('folders of one step import one another where the list of edges says so', () => {
    expect(findSidewaysEdges(ours, ladder)).toEqual(sidewaysEdges)
    for (const edge of sidewaysEdges) {
      expect(sidewaysEdges).not.toContain(edge.split(' > ').reverse().join(' > '))
    }
  })

  test.each([
    ['a value', "import { listCourts } from '../courts/store.ts'", 'accounts > courts'],
    ['a type', "import type { Court } from '../courts/court.ts'", 'accounts > courts'],
    ['what is loaded later', "await import('../site/routes.ts')", 'accounts > site'],
    [
      'what it passes on',
      "export { now } from '../installation/store.ts'",
      'accounts > installation',
    ],
  ])('a new edge between folders of one step is seen by %s', (_, text, edge) => {
    const planted = findImports({ path: 'accounts/planted.ts', text })
    const found = findSidewaysEdges([...ours, ...planted], ladder)
    expect(found.filter((each) => !sidewaysEdges.includes(each))).toEqual([edge])
  })

  test('no files import one another in a circle', () => {
    const graph = new Map<string, string[]>()
    for (const { from, to, when } of ours) {
      if (when !== 'never') graph.set(from, [...(graph.get(from) ?? []), to])
    }
    const state = new Map<string, 'open' | 'done'>()
    const visit = (file: string, path: string[]): string[] | undefined => {
      if (state.get(file) === 'done') return undefined
      if (state.get(file) === 'open') return [...path, file]
      state.set(file, 'open')
      for (const next of graph.get(file) ?? []) {
        const circle = visit(next, [...path, file])
        if (circle) return circle
      }
      state.set(file, 'done')
      return undefined
    }
    for (const file of graph.keys()) expect(visit(file, [])).toBeUndefined()
  })

  test('nobody imports another folder’s routes or pages, except the two that wire them', () => {
    const wrong = ours.filter(
      ({ from, to }) =>
        /(routes|pages)\.ts$/.test(to) &&
        !wiring.includes(from) &&
        from.split('/')[0] !== to.split('/')[0],
    )
    expect(wrong).toEqual([])
  })

  test('each library has one home', () => {
    const wrong = imports.filter(
      ({ from, to }) => homes[to] && !homes[to].some((home) => from.startsWith(home)),
    )
    expect(wrong).toEqual([])
  })

  test.each(['main.ts', 'cli/main.ts'])(
    '%s reads the configuration before it loads the rest',
    (main) => {
      const packages = new Set<string>()
      const seen = new Set<string>()
      const visit = (file: string) => {
        if (seen.has(file)) return
        seen.add(file)
        for (const { from, to, when } of imports) {
          if (from !== file || when !== 'first') continue
          if (to.endsWith('.ts')) visit(to)
          else if (!to.startsWith('node:')) packages.add(to)
        }
      }
      visit(main)
      expect([...packages].sort()).toEqual(['ipaddr.js', 'jose', 'zod'])
    },
  )

  test('only the configuration reads the environment of the process', () => {
    const readers = files.filter(({ text }) => /process\.env/.test(text)).map(({ path }) => path)
    expect(readers.sort()).toEqual(['cli/main.ts', 'main.ts'])
  })

  test('a table is written by the slice that owns it, and with Prisma by its store', () => {
    const found = files.flatMap((file) => findForeignWrites(file, owned))
    expect(found.filter((place) => !spokenFor.includes(place))).toEqual([])
    // What is allowed and is done no longer is allowed no longer.
    expect(spokenFor.filter((place) => !found.includes(place))).toEqual([])
  })

  test.each([
    [
      'a statement into another slice’s table',
      'signin/store.ts',
      '`INSERT INTO accounts (id) VALUES ($1)`',
    ],
    [
      'a change in the middle of one',
      'efiling/store.ts',
      '`WITH gone AS (UPDATE accounts SET email = NULL)`',
    ],
    ['a quoted name over two lines', 'clients/store.ts', '`DELETE FROM\n  "courts" WHERE id = $1`'],
    ['the command line', 'cli/apply.ts', "text: 'TRUNCATE audit_events'"],
    ['a table that is put together', 'signin/store.ts', `DELETE FROM \${table}`],
    ['a table that nobody owns', 'signin/store.ts', '`UPDATE notes SET text = $1`'],
    [
      'Prisma outside a store',
      'accounts/enable-account.ts',
      'tx.prisma.account.update({ where, data })',
    ],
    [
      'Prisma in another slice’s store',
      'signin/store.ts',
      'db.prisma\n  .account\n  .deleteMany({})',
    ],
    [
      'one that gives back what it wrote',
      'efiling/pages.ts',
      'tx.prisma.standing.createManyAndReturn({ data })',
    ],
    [
      'a row inside another one',
      'accounts/store.ts',
      'tx.prisma.account.create({ data: { ...account, standings: { create: standing } } })',
    ],
    ['models under a name of their own', 'efiling/store.ts', 'const { prisma } = tx'],
    ['a name for the models', 'efiling/store.ts', 'const models = tx.prisma\n'],
  ])('a write is seen by %s', (_, path, text) => {
    expect(findForeignWrites({ path, text }, owned)).toHaveLength(1)
  })

  test('nobody goes past an open transaction to the database', () => {
    const wrong = files.flatMap(({ path, text }) =>
      findOuterDatabase(text).map((what) => `${path}: ${what}`),
    )
    expect(wrong).toEqual([])
  })

  test.each([
    ['the database itself', 'inTransaction(db, async (tx) => { await find(db, id) })'],
    ['that of its dependencies', 'inTransaction(deps.db, (tx) => find(deps.db, id))'],
    ['another name for it', 'inTransaction(database, async (tx) => { await find(database) })'],
    ['a further transaction', 'inTransaction(one, (tx) => inTransaction(two, work))'],
    [
      'work that has a name',
      'const work = async (tx: Transaction) => { await find(db) }\n' +
        'await inTransaction(db, work, { milliseconds: 5 })',
    ],
    ['both as parameters', 'async function end(tx: Transaction, db: Database) {}'],
  ])('is seen when it goes past by %s', (_, planted) => {
    expect(findOuterDatabase(planted)).toHaveLength(1)
  })

  test('the application sees of the authorization server its face alone', () => {
    const seen = ours.filter(({ from, to }) => wiring.includes(from) && to.startsWith('oidc/'))
    expect(new Set(seen.map(({ to }) => to))).toEqual(new Set(['oidc/server.ts']))
  })

  test('the application is readable in one sitting', () => {
    const { text } = files.find(({ path }) => path === 'app.ts')!
    const [, body = ''] = text.split('export function createApp')
    expect(body.split('\n').length).toBeLessThanOrEqual(100)
  })

  test('no file is longer than three hundred lines', () => {
    const long = files.flatMap(({ path, text }) => {
      const lines = text.split('\n').length - 1
      return lines > 300 ? [`${path}: ${lines}`] : []
    })
    expect(long).toEqual([])
  })

  test('one file ends the sign-ins of an account', () => {
    const ending = /\bend(?:AllOfAccount|OtherSessions)\b/
    const above = files.filter(
      ({ path, text }) => !path.startsWith('sessions/') && ending.test(text),
    )
    expect(above.map(({ path }) => path)).toEqual(['accounts/end-sign-ins.ts'])
  })

  test('one file casts toward the engine', () => {
    const wrong = files.flatMap(({ path, text }) =>
      path === 'oidc/engine.ts'
        ? []
        : findEngineCasts(path, text).map((cast) => `${path}: ${cast}`),
    )
    expect(wrong).toEqual([])
  })

  test('what a request has read and decided hangs on it in two places, each read by one function', () => {
    const holding = (pattern: RegExp) =>
      files.filter(({ text }) => pattern.test(text)).map(({ path }) => path)
    expect(holding(/\bctx\.state\b/).sort()).toEqual([
      'http/request-context.ts',
      'oidc/request-notes.ts',
    ])
    expect(holding(/\bProvider\.ctx\b|\} = Provider\b/)).toEqual(['oidc/engine.ts'])
    expect(holding(/new WeakMap<(?:object|Context|KoaContextWithOIDC),/)).toEqual([])
  })

  test.each([
    ['a double cast', 'oidc/grants.ts', 'const { acr } = session as unknown as { acr: string }'],
    ['a blind one', 'oidc/provider.ts', 'new Provider(issuer, { findAccount: find as never })'],
    ['a comment', 'app.ts', '// @ts-expect-error the engine knows it\nengine.dance()'],
    ['a client of ours', 'signin/visit.ts', 'const { cso_courts } = client as EngineClient'],
    ['its context', 'http/faults.ts', '(ctx as Partial<KoaContextWithOIDC>).oidc'],
    [
      'a type of its own',
      'sessions/end.ts',
      "import type { Session } from 'oidc-provider'\nconst { uid } = found as Session",
    ],
  ])('is seen when it casts toward the engine by %s', (_, path, planted) => {
    expect(findEngineCasts(path, planted)).toHaveLength(1)
  })

  test('an answer is made by ok() and refused(), and described by no union of its own', () => {
    const byHand = files.filter(({ text }) => /\bok\??: (true|false)\b/.test(text))
    // A match that finds nothing would hold nothing.
    expect(byHand.map(({ path }) => path)).toEqual(['outcome.ts'])
  })

  test('a type’s name is used once in the house', () => {
    expect(findRepeatedTypes(files)).toEqual([])
    const planted = { path: 'signin/planted.ts', text: 'export type AccountId = string' }
    expect(findRepeatedTypes([...files, planted])).toEqual(['AccountId: ids.ts, signin/planted.ts'])
  })

  test('every folder says what it owns', () => {
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    for (const { name } of folders) {
      expect(readdirSync(join(source, name)), `src/${name}`).toContain('README.md')
    }
  })
})
