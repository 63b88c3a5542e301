import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { sealEvents, verifyChain } from '../audit/chain.ts'
import { type Config, loadConfig } from '../config.ts'
import { StartupError } from '../errors.ts'
import { createLog } from '../log.ts'
import { prepareDatabase, saveClientRules } from '../services.ts'
import { type Keys, loadKeys } from '../signing/key-store.ts'
import { type Database, openDatabase } from '../storage/db.ts'
import { applyFile } from './apply.ts'
import { parseApplyFile } from './apply-file.ts'
import { createKeyFiles, listKeys } from './keys.ts'

const usage = `Usage: npm run cli -- COMMAND

  migrate                      bring the database to this release, load the courts
  apply FILE…                  clients, accounts and standings from YAML or JSON, idempotently
  keys create --directory DIR  new signing keys and secrets for an installation
  keys list                    the signing keys in use, without private members
  audit verify                 check the hash chain of the audit
`

const usageError = 64
const configurationError = 78

async function main(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { directory: { type: 'string' } },
  })
  const [command, ...rest] = positionals
  switch (command) {
    case 'migrate':
      return withDatabase(async () => {
        console.log('The database is up to date.')
        return 0
      })
    case 'apply':
      return rest.length > 0 ? withDatabase((context) => apply(context, rest)) : misused()
    case 'keys':
      return manageKeys(rest, values.directory)
    case 'audit':
      return rest[0] === 'verify' ? withDatabase(({ db }) => verifyAudit(db)) : misused()
    default:
      return misused()
  }
}

function misused(): number {
  console.error(usage)
  return usageError
}

async function manageKeys([action]: string[], directory: string | undefined): Promise<number> {
  if (action === 'create' && directory) {
    for (const path of await createKeyFiles(directory)) console.log(`wrote ${path}`)
    return 0
  }
  if (action !== 'list') return misused()
  const { signing } = await loadKeys(loadConfig(process.env))
  for (const line of listKeys(signing)) console.log(line)
  return 0
}

type Context = { config: Config; keys: Keys; db: Database }

async function withDatabase(work: (context: Context) => Promise<number>): Promise<number> {
  const config = loadConfig(process.env)
  const keys = await loadKeys(config)
  const db = await openDatabase(config.database, createLog('warn'))
  try {
    await prepareDatabase(db, config, keys)
    return await work({ config, keys, db })
  } finally {
    await db.close()
  }
}

async function apply({ config, keys, db }: Context, paths: string[]): Promise<number> {
  const clientRules = saveClientRules(config, keys)
  const { peppers } = keys.secrets
  let hasProblems = false
  for (const path of paths) {
    const parsed = parseApplyFile(await readFile(path, 'utf8'))
    const problems = parsed.ok ? [] : parsed.problems
    if (parsed.ok) {
      const report = await applyFile({ db, config, peppers, clientRules }, parsed.value)
      problems.push(...report.problems)
      const { clients, accounts, standings } = report
      console.log(`${path}: ${clients} clients, ${accounts} accounts, ${standings} standings`)
    }
    for (const problem of problems) console.error(`${path}: ${problem}`)
    hasProblems ||= problems.length > 0
  }
  return hasProblems ? 1 : 0
}

async function verifyAudit(db: Database): Promise<number> {
  await sealEvents(db)
  const report = await verifyChain(db)
  if (report.ok) console.log(`The audit is intact: ${report.sealed} events.`)
  else console.error(`The audit is broken at event ${report.brokenAt}, after ${report.sealed}.`)
  return report.ok ? 0 : 1
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    if (error instanceof StartupError) {
      for (const problem of error.problems) console.error(`cannot start: ${problem}`)
      process.exitCode = configurationError
      return
    }
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)
