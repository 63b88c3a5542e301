import { nearest } from '../nearest.ts'

export type OptionName =
  | 'account'
  | 'all'
  | 'check'
  | 'directory'
  | 'dry-run'
  | 'emergency'
  | 'filing-closed'
  | 'first'
  | 'legacy-closes'
  | 'notice-days'
  | 'operator'
  | 'reason'
  | 'requests-closed'

/** What is done with a court's go-live. */
export type GoLiveCommand =
  `courts go-live ${'show' | 'plan' | 'announce' | 'postpone' | 'now' | 'roll-back' | 'close' | 'change'}`

export function isGoLiveCommand(name: CommandName): name is GoLiveCommand {
  return name.startsWith('courts go-live ')
}

export type CommandName =
  | 'migrate'
  | 'apply'
  | 'clients list'
  | 'clients show'
  | 'accounts show'
  | 'accounts disable'
  | 'accounts enable'
  | 'accounts unlock'
  | 'accounts end-sessions'
  | 'accounts reseal'
  | 'staff grant'
  | 'staff revoke'
  | GoLiveCommand
  | 'courts import'
  | 'secrets'
  | 'secrets create'
  | 'secrets revoke'
  | 'keys create'
  | 'keys list'
  | 'keys accept'
  | 'audit verify'
  | 'audit show'
  | 'jobs list'
  | 'jobs retry'
  | 'doctor'

export type Command = {
  readonly name: CommandName
  /** What follows the name, as help writes it. */
  readonly takes: string
  /** The fewest and the most of them. */
  readonly count: readonly [number, number]
  readonly options: readonly OptionName[]
  readonly help: string
}

const account = 'NUMBER, USERNAME or the id in tokens (sub)'
const many = Number.POSITIVE_INFINITY

/** What may be said with a moment of go-live, or changed without one. */
const goLiveTerms: readonly OptionName[] = [
  'filing-closed',
  'requests-closed',
  'legacy-closes',
  'emergency',
  'notice-days',
  'reason',
  'dry-run',
  'operator',
]
const goLiveAct: readonly OptionName[] = ['reason', 'dry-run', 'operator']

export const commands: readonly Command[] = [
  command('migrate', '', [0, 0], [], 'bring the database to this release, load the courts'),
  command(
    'apply',
    'FILE…',
    [1, many],
    ['check', 'operator'],
    'clients, accounts, standings and staff roles from YAML or JSON, a file as a whole or not at all; - is standard input',
  ),
  command('clients list', '', [0, 0], [], 'every client: kind, courts, warnings'),
  command('clients show', 'ID', [1, 1], [], 'one client with its registration'),
  command('accounts show', 'ACCOUNT', [1, 1], [], `one account, found by ${account}`),
  command(
    'accounts disable',
    'ACCOUNT',
    [1, 1],
    ['operator'],
    'no sign-in any more; ends every session and grant',
  ),
  command('accounts enable', 'ACCOUNT', [1, 1], ['operator'], 'sign-in again'),
  command(
    'accounts unlock',
    'ACCOUNT',
    [1, 1],
    ['operator'],
    'forget wrong passwords, so that the right one is taken again',
  ),
  command(
    'accounts end-sessions',
    'ACCOUNT',
    [1, 1],
    ['operator'],
    'end every session and grant; the person signs in again',
  ),
  command(
    'accounts reseal',
    '',
    [0, 0],
    ['operator'],
    'seal birth dates with the newest key, while servers run',
  ),
  command(
    'staff grant',
    'ROLE',
    [1, 1],
    ['account', 'first', 'operator'],
    'make somebody staff of all courts: --account NUMBER, or for the first ones --first EMAIL',
  ),
  command(
    'staff revoke',
    'ROLE',
    [1, 1],
    ['account', 'operator'],
    'take a role for all courts away: --account NUMBER',
  ),
  command('courts go-live show', 'COURT', [1, 1], [], 'where a court stands, and its go-live'),
  command('courts go-live plan', 'COURT MOMENT', [2, 2], goLiveTerms, 'plan when it goes live'),
  command(
    'courts go-live announce',
    'COURT [MOMENT]',
    [1, 2],
    goLiveTerms,
    'have the moment told to filers, on the days of notices',
  ),
  command(
    'courts go-live postpone',
    'COURT MOMENT',
    [2, 2],
    goLiveTerms,
    'move an announced go-live to another moment, with --reason',
  ),
  command('courts go-live now', 'COURT', [1, 1], goLiveAct, 'make it live at once'),
  command(
    'courts go-live roll-back',
    'COURT',
    [1, 1],
    goLiveAct,
    'back to the old login within seven days, with --reason; links and rights are kept',
  ),
  command(
    'courts go-live close',
    'COURT',
    [1, 1],
    goLiveAct,
    'end linking by the old password, and erase the old passwords',
  ),
  command(
    'courts go-live change',
    'COURT',
    [1, 1],
    goLiveTerms,
    'change windows, words and notices, and not the moment',
  ),
  command(
    'courts import',
    'COURT FILE',
    [2, 2],
    ['dry-run', 'operator'],
    'the accounts of a court’s old system from a CSV file, as a whole or not at all',
  ),
  command('secrets', '', [0, 0], [], 'which client secrets there are and when each ends'),
  command(
    'secrets create',
    'ID',
    [1, 1],
    ['operator'],
    'a new secret for a client, shown once; the one before stays good',
  ),
  command(
    'secrets revoke',
    'ID FINGERPRINT',
    [2, 2],
    ['operator'],
    'end a secret, named as "secrets" names it',
  ),
  command(
    'keys create',
    '',
    [0, 0],
    ['directory'],
    'new signing keys and secrets for an installation, in the folder --directory',
  ),
  command('keys list', '', [0, 0], [], 'the signing keys in use, without private members'),
  command(
    'keys accept',
    '',
    [0, 0],
    ['operator'],
    'take replaced secrets as the ones of this installation',
  ),
  command(
    'audit verify',
    '',
    [0, 0],
    ['all'],
    'check the hash chain of the audit since the last check',
  ),
  command(
    'audit show',
    'BY VALUE',
    [2, 2],
    [],
    'the newest events by account, client, court or request (its first characters), and who acted',
  ),
  command('jobs list', '', [0, 0], [], 'what runs by itself, what waits, and what is dead and why'),
  command('jobs retry', 'ID', [1, 1], ['operator'], 'have a dead job tried again'),
  command('doctor', '', [0, 0], [], 'what is wrong with this installation, and what to do'),
]

const optionHelp: Readonly<Record<OptionName, string>> = {
  account: '--account NUMBER  whose account, by its seven digits',
  all: '--all             from the first event on',
  check: '--check           tell what would change, and write nothing',
  'dry-run': '--dry-run         tell what would happen to whom, and change nothing',
  emergency:
    '--emergency TEXT  what to do while filing is closed, in the words of the court, or none',
  'filing-closed':
    '--filing-closed "2026-11-27 17:00..2026-12-01 08:00"  nobody files from then until then, or none',
  'legacy-closes':
    '--legacy-closes MOMENT  linking by the old password ends, seven days after the go-live at the earliest, or none',
  'notice-days':
    '--notice-days=-60,-14,-3,0,14  on which days filers are told, counted from the go-live, or none',
  reason: '--reason TEXT     why, for the history',
  'requests-closed':
    '--requests-closed "…..…"  no new requests are taken from then until then, or none',
  directory: '--directory DIR   where the files are written',
  first:
    '--first EMAIL     make the account of the first support person, or twice those of the first two registrars, and print a link for each password',
  operator: '--operator NAME   who does it, for the audit; else the user of this system',
}

function command(
  name: CommandName,
  takes: string,
  count: readonly [number, number],
  options: readonly OptionName[],
  help: string,
): Command {
  return { name, takes, count, options, help }
}

/** The command whose name the words begin with, and what follows it. */
export function findCommand(
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  for (const length of [3, 2, 1]) {
    const name = words.slice(0, length).join(' ')
    const found = commands.find((each) => each.name === name)
    if (found) return { command: found, rest: words.slice(length) }
  }
  return undefined
}

/** A command that was probably meant. */
export function nearestCommand(words: readonly string[]): string | undefined {
  const names = commands.map(({ name }) => name)
  return (
    nearest(words.slice(0, 3).join(' '), names) ??
    nearest(words.slice(0, 2).join(' '), names) ??
    nearest(words[0] ?? '', names)
  )
}

/** Of everything, or of the commands that begin with a word. */
export function usage(first?: string): string {
  const some = commands.filter(({ name }) => !first || name.split(' ')[0] === first)
  const heads = some.map(({ name, takes }) => `${name} ${takes}`.trim())
  const width = Math.max(...heads.map((head) => head.length))
  const options = new Set(some.flatMap((each) => each.options))
  return [
    'Usage: npm run cli -- COMMAND',
    '',
    ...some.map(({ help }, index) => `  ${heads[index]!.padEnd(width)}  ${help}`),
    '',
    ...[...options].sort().map((option) => `  ${optionHelp[option]}`),
    '  --help, --version',
    '',
    'Exit codes: 0 done; 1 refused, or something is wrong; 64 not a command; 75 the database does not',
    'answer, try again; 78 the settings do not let it start. docs/operate.md has the rest.',
  ].join('\n')
}
