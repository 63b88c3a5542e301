import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findEngineCasts } from './support/engine-casts.ts'
import { findOuterDatabase } from './support/outer-database.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const source = join(root, 'src')

/** Lowest first: a folder imports itself and what stands on a lower step. A new edge is a decision. */
const ladder = [
  ['leaf'],
  ['config'],
  ['storage', 'http', 'signing'],
  ['audit'],
  ['sessions'],
  ['courts', 'accounts', 'installation', 'site'],
  ['staff'],
  ['efiling'],
  ['clients'],
  ['signin'],
  ['oidc'],
  ['top', 'cli'],
]

/** Files directly under `src`: those that import nothing of ours but one another, and the top. */
const leaves = new Set([
  'check-shape.ts',
  'clock.ts',
  'days.ts',
  'errors.ts',
  'help-line.ts',
  'ids.ts',
  'log.ts',
  'nearest.ts',
  'networks.ts',
  'outages.ts',
  'outcome.ts',
  'paths.ts',
  'problem.ts',
  'version.ts',
])

/** Each library has one home, and its types may be named by what works with them. */
const homes: Record<string, readonly string[]> = {
  '@node-rs/argon2': ['accounts/argon2-thread.ts'],
  piscina: ['accounts/password.ts'],
  ioredis: ['storage/redis.ts', 'storage/faults.ts'],
  pg: ['storage/'],
  '@electric-sql/pglite': ['storage/'],
  'rate-limiter-flexible': ['storage/window-counter.ts'],
  pino: ['log.ts'],
  undici: ['oidc/outbound.ts'],
  'ipaddr.js': ['networks.ts'],
  yaml: ['cli/document.ts'],
  eta: ['http/page-shell.ts'],
  'koa-send': ['http/assets.ts'],
  jose: ['signing/', 'oidc/'],
  'koa-compose': ['http/outside.ts'],
  'oidc-provider': ['oidc/', 'app.ts'],
}

/** `when` it is loaded: types never are. */
type Import = { from: string; to: string; when: 'first' | 'later' | 'never' }

function sourceFiles(folder = source): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : sourceFiles(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

const files = sourceFiles()
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8')
  const from = relative(source, file)
  const named = (specifier: string) =>
    specifier.startsWith('.') ? relative(source, resolve(dirname(file), specifier)) : specifier
  return [
    ...[...text.matchAll(/^(?:import|export)\b([^'"]*?)\bfrom '([^']+)'/gms)].map(
      ([, clause = '', specifier = '']) => ({
        from,
        to: named(specifier),
        when: /^\s*type\b/.test(clause) ? ('never' as const) : ('first' as const),
      }),
    ),
    ...[...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, specifier = '']) => ({
      from,
      to: named(specifier),
      when: 'later' as const,
    })),
  ]
})
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
    const sideways = ours.filter(
      ({ from, to }) =>
        stepOf(to) === stepOf(from) &&
        from.includes('/') &&
        from.split('/')[0] !== to.split('/')[0] &&
        stepOf(from) < ladder.length - 1,
    )
    // The edges between folders of one step, each of them in one direction only.
    const edges = new Set(
      sideways.map(({ from, to }) => `${from.split('/')[0]} > ${to.split('/')[0]}`),
    )
    for (const edge of edges) {
      expect(edges).not.toContain(edge.split(' > ').reverse().join(' > '))
    }
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

  test('nobody imports another folder’s routes or pages, except the one that wires them', () => {
    const wrong = ours.filter(
      ({ from, to }) =>
        /(routes|pages)\.ts$/.test(to) &&
        from !== 'app.ts' &&
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
    const readers = files
      .filter((file) => /process\.env/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(source, file))
    expect(readers.sort()).toEqual(['cli/main.ts', 'main.ts'])
  })

  test('only the stores of a slice write its tables', () => {
    const owners: Record<string, string> = {
      auditEvent: 'audit/',
      auditLink: 'audit/',
      auditCheckpoint: 'audit/',
      auditSeal: 'audit/',
      auditSealCheckpoint: 'audit/',
      installationMark: 'installation/',
      court: 'courts/',
      account: 'accounts/',
      knownBrowser: 'accounts/',
      signInFailures: 'signin/',
      staffRole: 'staff/',
      standing: 'efiling/',
      client: 'clients/',
      clientCourt: 'clients/',
      clientSecret: 'clients/',
    }
    const pattern =
      /\bprisma\.(\w+)\.(?:create|createMany|update|updateMany|upsert|delete|deleteMany)\(/g
    const wrong = files.flatMap((file) => {
      const path = relative(source, file)
      return [...readFileSync(file, 'utf8').matchAll(pattern)]
        .filter(([, model = '']) => !path.startsWith(owners[model] ?? 'nowhere'))
        .map(([text]) => `${path}: ${text}`)
    })
    expect(wrong).toEqual([])
  })

  test('nobody goes past an open transaction to the database', () => {
    const wrong = files.flatMap((file) =>
      findOuterDatabase(readFileSync(file, 'utf8')).map(
        (what) => `${relative(source, file)}: ${what}`,
      ),
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

  test('one file casts toward the engine', () => {
    const wrong = files.flatMap((file) => {
      const path = relative(source, file)
      if (path === 'oidc/engine.ts') return []
      return findEngineCasts(path, readFileSync(file, 'utf8')).map((cast) => `${path}: ${cast}`)
    })
    expect(wrong).toEqual([])
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

  test('every folder says what it owns', () => {
    const folders = readdirSync(source, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    for (const { name } of folders) {
      expect(readdirSync(join(source, name)), `src/${name}`).toContain('README.md')
    }
  })
})
