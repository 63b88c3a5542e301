import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { configurationError, StartupError } from '../errors.ts'
import { loadKeys } from '../signing/key-store.ts'
import type * as Commands from './database-commands.ts'
import { createKeyFiles, listKeys } from './keys.ts'
import { operatorOf } from './operator.ts'

const usage = `Usage: npm run cli -- COMMAND

  migrate                      bring the database to this release, load the courts
  apply FILE…                  clients, accounts, standings and staff roles from YAML or JSON,
                               idempotently; - is standard input
  keys create --directory DIR  new signing keys and secrets for an installation
  keys list                    the signing keys in use, without private members
  keys accept                  take replaced secrets as the ones of this installation
  audit verify [--all]         check the hash chain of the audit, since the last check or all of it
`

const usageError = 64

async function main(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      directory: { type: 'string' },
      all: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      operator: { type: 'string' },
    },
  })
  const [command, ...rest] = positionals
  const by = operatorOf(values.operator, process.env)
  if (!by.ok) {
    console.error('--operator: a name has up to 64 of A-Z a-z 0-9 . _ @ -')
    return usageError
  }
  switch (command) {
    case 'migrate':
      return onDatabase((commands) => commands.migrate())
    case 'apply':
      return rest.length > 0 ? applyFiles(rest, { by: by.value, isCheck: values.check }) : misused()
    case 'keys':
      return manageKeys(rest, values.directory)
    case 'audit':
      return rest[0] === 'verify'
        ? onDatabase((commands, context) => commands.verifyAudit(context, values.all))
        : misused()
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
    const files = await createKeyFiles(directory)
    for (const { path, isNew } of [files.signingKeys, files.secrets]) {
      console.log(isNew ? `wrote ${path}` : `kept ${path}, which was there already`)
    }
    return 0
  }
  if (action === 'accept') {
    const config = loadConfig(process.env)
    const keys = await loadKeys(config)
    return (await import('./database-commands.ts')).acceptKeys(config, keys)
  }
  if (action !== 'list') return misused()
  const { signing } = await loadKeys(loadConfig(process.env))
  for (const line of listKeys(signing)) console.log(line)
  return 0
}

async function applyFiles(
  paths: string[],
  options: Parameters<typeof Commands.apply>[3],
): Promise<number> {
  const config = loadConfig(process.env)
  const keys = await loadKeys(config)
  return (await import('./database-commands.ts')).apply(config, keys, paths, options)
}

/** The rest is loaded once the settings are known to be right: it takes most of a second. */
async function onDatabase(
  work: (commands: typeof Commands, context: Commands.Context) => number | Promise<number>,
): Promise<number> {
  const config = loadConfig(process.env)
  const keys = await loadKeys(config)
  const commands = await import('./database-commands.ts')
  return commands.withDatabase(config, keys, async (context) => work(commands, context))
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
