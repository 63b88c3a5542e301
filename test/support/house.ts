import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** A file of `src`, its path from there. */
export type SourceFile = { readonly path: string; readonly text: string }

/** `when` it is loaded: types never are. */
export type Import = {
  readonly from: string
  readonly to: string
  readonly when: 'first' | 'later' | 'never'
}

/** Every file of ours under a folder, the generated ones aside. */
export function readSource(source: string, folder = source): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : readSource(source, path)
    if (!entry.name.endsWith('.ts')) return []
    return [{ path: relative(source, path), text: readFileSync(path, 'utf8') }]
  })
}

/** What a file imports: files of ours by their path from `src`, packages by their name. */
export function findImports({ path, text }: SourceFile): Import[] {
  const named = (specifier: string) =>
    specifier.startsWith('.') ? relative('/', resolve('/', dirname(path), specifier)) : specifier
  return [
    ...[...text.matchAll(/^(?:import|export)\b([^'"]*?)\bfrom '([^']+)'/gms)].map(
      ([, clause = '', specifier = '']) => ({
        from: path,
        to: named(specifier),
        when: /^\s*type\b/.test(clause) ? ('never' as const) : ('first' as const),
      }),
    ),
    ...[...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, specifier = '']) => ({
      from: path,
      to: named(specifier),
      when: 'later' as const,
    })),
  ]
}

/** Imports from one folder into another one of the same step, as `from > to`. */
export function findSidewaysEdges(
  imports: readonly Import[],
  ladder: readonly (readonly string[])[],
): string[] {
  const folderOf = (path: string) => (path.includes('/') ? path.split('/')[0] : undefined)
  const stepOf = (folder: string | undefined) =>
    ladder.findIndex((folders) => folder !== undefined && folders.includes(folder))
  const edges = imports.flatMap(({ from, to }) => {
    const [one, other] = [folderOf(from), folderOf(to)]
    const isSideways = one !== other && stepOf(one) !== -1 && stepOf(one) === stepOf(other)
    return isSideways ? [`${one} > ${other}`] : []
  })
  return [...new Set(edges)].sort()
}

/** Which slice owns what, as `prisma/schema/` has it: one file per slice. */
export type Ownership = {
  /** Slice by model, as Prisma's client names it. */
  readonly models: ReadonlyMap<string, string>
  /** Slice by table. */
  readonly tables: ReadonlyMap<string, string>
  /** Model by the name of a member through which another model reaches it. */
  readonly relations: ReadonlyMap<string, string>
}

export function readOwnership(schemaFolder: string): Ownership {
  const models = new Map<string, string>()
  const tables = new Map<string, string>()
  const members: [member: string, model: string][] = []
  for (const name of readdirSync(schemaFolder)) {
    const slice = name.replace('.prisma', '')
    const text = readFileSync(join(schemaFolder, name), 'utf8')
    for (const [, model = '', body = ''] of text.matchAll(/^model (\w+) \{([\s\S]*?)^\}/gm)) {
      models.set(model.charAt(0).toLowerCase() + model.slice(1), slice)
      tables.set(/@@map\("(\w+)"\)/.exec(body)?.[1] ?? model, slice)
      for (const [, member = '', type = ''] of body.matchAll(/^\s+(\w+)\s+(\w+)/gm)) {
        members.push([member, type.charAt(0).toLowerCase() + type.slice(1)])
      }
    }
  }
  return { models, tables, relations: new Map(members.filter(([, model]) => models.has(model))) }
}

const prismaWrite =
  /\bprisma\s*\.\s*(\w+)\s*\.\s*(?:create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany)\s*\(/g
const nestedWrite =
  /\b(\w+): \{\s*(?:create|createMany|connectOrCreate|connect|disconnect|set|update|updateMany|upsert|delete|deleteMany)\b/g
const sqlWrite =
  /\b(?:INSERT\s+INTO|MERGE\s+INTO|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|(?<!\b(?:FOR|KEY|DO)\s+)UPDATE)\s+(?:ONLY\s+)?"?(\w+|\$\{[^}]*\})/g

/**
 * Where a file writes a table and should not: with Prisma outside its slice's store, with SQL outside
 * its slice, with a table whose name is put together, or with models under another name, so that
 * nobody who reads sees which. In words, one per place.
 */
export function findForeignWrites({ path, text }: SourceFile, owned: Ownership): string[] {
  const [slice = ''] = path.split('/')
  const code = withoutComments(text)
  const isStore = /[/-]store\.ts$/.test(path)
  const wrong = (what: string) => `${path}: ${what.replace(/\s+/g, ' ')}`
  const ofModel = (model: string, what: string) =>
    isStore && owned.models.get(model) === slice ? [] : [wrong(what)]
  const renamed =
    slice === 'storage'
      ? []
      : [...code.matchAll(/\{[^{}()]*\bprisma\b[^{}()]*\} =|= [\w.]*\bprisma\b(?!\s*[.[])/g)]
  return [
    ...[...code.matchAll(prismaWrite)].flatMap(([what, model = '']) => ofModel(model, what)),
    ...[...code.matchAll(nestedWrite)].flatMap(([what, member = '']) => {
      const model = owned.relations.get(member)
      return model ? ofModel(model, what) : []
    }),
    ...[...code.matchAll(sqlWrite)].flatMap(([what, table = '']) =>
      owned.tables.get(table) === slice ? [] : [wrong(what)],
    ),
    ...renamed.map(([what]) => wrong(what)),
  ]
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** Names under which more than one type is exported, with the files that do. */
export function findRepeatedTypes(files: readonly SourceFile[]): string[] {
  const homes = new Map<string, string[]>()
  for (const { path, text } of files) {
    for (const [, name = ''] of text.matchAll(/^export (?:type|interface|class) (\w+)/gm)) {
      homes.set(name, [...(homes.get(name) ?? []), path])
    }
  }
  return [...homes]
    .filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => `${name}: ${paths.join(', ')}`)
}
