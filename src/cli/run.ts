import { parseArgs } from 'node:util'
import type { By } from '../audit/by.ts'
import { loadConfig } from '../config/config.ts'
import { configurationError, StartupError, UnavailableError, unreachable } from '../errors.ts'
import { nearest } from '../nearest.ts'
import { loadKeys } from '../signing/key-store.ts'
import { version } from '../version.ts'
import {
  type Command,
  type CommandName,
  findCommand,
  isGoLiveCommand,
  nearestCommand,
  usage,
} from './commands.ts'
import type { Context } from './context.ts'
import type { GoLiveOptions } from './go-live-commands.ts'
import { createKeys, listKeys } from './keys.ts'
import { operatorOf } from './operator.ts'

/** Further codes of sysexits.h. */
const usageError = 64
const unavailable = 75

const options = {
  account: { type: 'string' },
  all: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
  directory: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  emergency: { type: 'string' },
  'filing-closed': { type: 'string' },
  first: { type: 'string', multiple: true },
  'legacy-closes': { type: 'string' },
  'notice-days': { type: 'string' },
  reason: { type: 'string' },
  'requests-closed': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  operator: { type: 'string' },
  version: { type: 'boolean', default: false },
} as const

/** Something at the command line that is no command; `usage` is shown with it. */
class Misused extends Error {}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Runs one command, and prints what it says.
 * @returns the exit code.
 */
export async function runCommandLine(args: string[], environment: Environment): Promise<number> {
  try {
    return await runChecked(args, environment)
  } catch (error) {
    if (error instanceof StartupError) {
      for (const problem of error.problems) console.error(`cannot start: ${problem}`)
      return configurationError
    }
    if (error instanceof Misused) {
      console.error(`${error.message}\n\n${usage()}`)
      return usageError
    }
    if (error instanceof UnavailableError) {
      console.error(`${error.message}: try again`)
      return unavailable
    }
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}

async function runChecked(args: string[], environment: Environment): Promise<number> {
  const asked = readCommandLine(args, environment)
  if (typeof asked === 'string') {
    console.log(asked)
    return 0
  }
  return run(asked.name, asked.rest, { ...asked.given, environment })
}

/**
 * What the words at the command line ask for; a text where help or the version is all of it.
 * @throws Error in words for a command, an option or a number of words that does not exist.
 */
export function readCommandLine(
  args: string[],
  environment: Environment,
): string | { name: CommandName; rest: readonly string[]; given: Omit<Given, 'environment'> } {
  const { positionals, values } = parse(args)
  if (values.version) return version
  const found = findCommand(positionals)
  if (values.help) {
    return usage(found?.command.name.split(' ')[0] ?? positionals[0]?.toLowerCase())
  }
  if (!found) throw new Misused(unknownCommand(positionals))
  checkUse(found.command, found.rest, values)
  const by = operatorOf(values.operator, environment)
  if (!by.ok) throw new Misused('--operator: a name has up to 64 of A-Z a-z 0-9 . _ @ -')
  return { name: found.command.name, rest: found.rest, given: { ...values, by: by.value } }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw new Misused(message.split('. ')[0])
    const name = /'-+([^'=]*)/.exec(message)?.[1] ?? ''
    throw new Misused(
      `--${name} is no option here${hint(nearest(name, Object.keys(options)), '--')}`,
    )
  }
}

function unknownCommand(words: readonly string[]): string {
  if (words.length === 0) return 'a command is missing'
  return `${words.slice(0, 2).join(' ')} is no command${hint(nearestCommand(words))}`
}

function hint(meant: string | undefined, before = ''): string {
  return meant === undefined ? '' : ` (did you mean "${before}${meant}"?)`
}

/** An option that means nothing here is refused: --check must not be taken for a promise. */
function checkUse(
  { name, takes, count, options: own }: Command,
  rest: readonly string[],
  values: object,
) {
  if (rest.length < count[0] || rest.length > count[1]) {
    throw new Misused(`${name} takes ${takes || 'nothing more'}`)
  }
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== false)
  for (const [option] of given) {
    if (!(own as readonly string[]).includes(option))
      throw new Misused(`${name} takes no --${option}`)
  }
  if (name === 'keys create' && !('directory' in values && values.directory)) {
    throw new Misused('keys create needs --directory DIR')
  }
  if (name === 'staff grant') {
    const named = given.map(([option]) => option).filter((option) => option !== 'operator')
    if (named.length !== 1) throw new Misused('staff grant needs --account NUMBER or --first EMAIL')
    if (named[0] === 'first') checkFirst(rest[0], (values as Given).first?.length)
  }
  if (name === 'staff revoke' && !given.some(([option]) => option === 'account')) {
    throw new Misused('staff revoke needs --account NUMBER')
  }
}

/** How many of a role are made at first. */
const firstOnes: Readonly<Record<string, number>> = { support: 1, registrar: 2 }

function checkFirst(role: string | undefined, count: number | undefined) {
  if (firstOnes[role ?? ''] === count) return
  throw new Misused(
    '--first is for the first ones: staff grant support --first EMAIL, or staff grant registrar --first EMAIL --first EMAIL',
  )
}

type Given = GoLiveOptions & {
  account?: string | undefined
  all: boolean
  check: boolean
  directory?: string | undefined
  'dry-run': boolean
  first?: string[] | undefined
  by: By
  environment: Environment
}

/** Everything but the keys is loaded once the settings are known to be right. */
async function run(name: CommandName, rest: readonly string[], given: Given): Promise<number> {
  const [first = '', second = ''] = rest
  const { by, environment } = given
  if (isGoLiveCommand(name)) {
    const { runGoLive } = await import('./go-live-commands.ts')
    return onDatabase(environment, 'as it is', (context) =>
      runGoLive(context, name, rest, given, by),
    )
  }
  switch (name) {
    case 'keys create':
      return createKeys(given.directory ?? '')
    case 'keys list': {
      const { signing } = await loadKeys(loadConfig(environment))
      for (const line of listKeys(signing)) console.log(line)
      return 0
    }
    case 'keys accept': {
      const config = loadConfig(environment)
      const keys = await loadKeys(config)
      return (await import('./database-commands.ts')).acceptKeys(config, keys, by)
    }
    case 'migrate':
      return onDatabase(environment, 'prepared', async () => {
        console.log('The database is up to date.')
        return 0
      })
    case 'apply': {
      const config = loadConfig(environment)
      const keys = await loadKeys(config)
      const { apply } = await import('./database-commands.ts')
      return apply(config, keys, rest, { by, isCheck: given.check })
    }
    case 'audit verify': {
      const { verifyAudit } = await import('./audit-commands.ts')
      return onDatabase(environment, 'prepared', (context) => verifyAudit(context, given.all))
    }
    case 'audit show': {
      const { showEvents } = await import('./audit-commands.ts')
      return onDatabase(environment, 'as it is', (context) => showEvents(context, first, second))
    }
    case 'clients list':
    case 'clients show':
    case 'secrets':
    case 'secrets create':
    case 'secrets revoke': {
      const client = await import('./client-commands.ts')
      return onDatabase(environment, 'as it is', (context) => {
        if (name === 'clients list') return client.listClients(context)
        if (name === 'clients show') return client.showClient(context, first)
        if (name === 'secrets') return client.listSecrets(context)
        if (name === 'secrets create') return client.createSecret(context, first, by)
        return client.revokeSecret(context, first, second, by)
      })
    }
    case 'accounts show':
    case 'accounts disable':
    case 'accounts enable':
    case 'accounts unlock':
    case 'accounts end-sessions':
    case 'accounts reseal': {
      const account = await import('./account-commands.ts')
      return onDatabase(environment, 'as it is', (context) => {
        if (name === 'accounts show') return account.showAccount(context, first)
        if (name === 'accounts unlock') return account.unlock(context, first, by)
        if (name === 'accounts end-sessions') return account.endSessions(context, first, by)
        if (name === 'accounts reseal') return account.reseal(context, by)
        if (name === 'accounts disable') return account.disable(context, first, by)
        return account.enable(context, first, by)
      })
    }
    case 'staff grant':
    case 'staff revoke': {
      const staff = await import('./staff-commands.ts')
      const { account = '', first: emails } = given
      if (emails) {
        const [one = '', other] = emails
        return onDatabase(environment, 'prepared', (context) =>
          other === undefined
            ? staff.makeFirst(context, one, by)
            : staff.makeFirstTwo(context, [one, other], by),
        )
      }
      return onDatabase(environment, 'as it is', (context) =>
        name === 'staff grant'
          ? staff.grant(context, first, account, by)
          : staff.revoke(context, first, account, by),
      )
    }
    case 'courts import': {
      const { importFile } = await import('./import-commands.ts')
      return onDatabase(environment, 'as it is', (context) =>
        importFile(context, [first, second], { isDryRun: given['dry-run'], by }),
      )
    }
    case 'jobs list':
    case 'jobs retry': {
      const jobs = await import('./job-commands.ts')
      return onDatabase(environment, 'as it is', (context) =>
        name === 'jobs list' ? jobs.listJobs(context) : jobs.retry(context, first, by),
      )
    }
    case 'doctor': {
      const { doctor } = await import('./doctor.ts')
      const config = loadConfig(environment)
      return doctor(config, await loadKeys(config))
    }
    default:
      return unreachable(name)
  }
}

async function onDatabase(
  environment: Environment,
  state: 'prepared' | 'as it is',
  work: (context: Context) => Promise<number>,
): Promise<number> {
  const config = loadConfig(environment)
  const keys = await loadKeys(config)
  const { withDatabase } = await import('./context.ts')
  return withDatabase(config, keys, state, work)
}
