import { type CanonicalEmail, canonicalEmail, readEmail } from '../../accounts/email-address.ts'
import { type Role, roles } from '../../courts/roles.ts'
import { type Day, parseDay } from '../../days.ts'
import { type Action, actions } from '../right.ts'
import { canonicalLogin, type ImportedStatus, importedStatuses } from './imported-account.ts'
import { type OldHash, readOldHash, takenOldHashes } from './old-password.ts'

/** The columns of a file, in the order in which exports have them; docs/go-live.md says what stands in each. */
export const importColumns = [
  'login',
  'name',
  'email',
  'bar_number',
  'role',
  'status',
  'admitted',
  'admitted_until',
  'actions',
  'last_day',
  'password_hash',
] as const
export type ImportColumn = (typeof importColumns)[number]

/** Without these a file is none. */
export const neededColumns: readonly ImportColumn[] = ['login', 'name', 'role', 'status', 'actions']

/** One account as a file has it. */
export type ImportRow = {
  readonly login: string
  readonly loginCanonical: string
  readonly name: string
  readonly email: string | null
  readonly emailCanonical: CanonicalEmail | null
  readonly barNumber: string | null
  readonly role: Role
  readonly status: ImportedStatus
  readonly isAdmitted: boolean
  readonly admittedUntil: Day | null
  readonly actions: readonly Action[]
  readonly endsOn: Day | null
  /** Undefined where the file says nothing of it. */
  readonly oldHash: OldHash | undefined
}

/** The texts of a line by their columns; a column that the file does not have is empty. */
export type Cells = Readonly<Record<ImportColumn, string>>

const longest = { login: 64, name: 200, bar_number: 64 } as const
const answers: Readonly<Record<string, boolean>> = {
  '': false,
  yes: true,
  y: true,
  true: true,
  '1': true,
  no: false,
  n: false,
  false: false,
  '0': false,
}

/** Reads a line. @returns the account, or everything that is wrong with the line, in sentences. */
export function readImportRow(typed: Cells): ImportRow | readonly string[] {
  const problems: string[] = []
  const wrong = (text: string): undefined => void problems.push(text)
  const cells = plain(typed, wrong)

  const login = cells.login
  if (login === '') wrong('login: is empty')
  else if (/\s/.test(login)) wrong('login: has a blank in it')
  if (cells.name === '') wrong('name: is empty')
  for (const [column, most] of Object.entries(longest)) {
    if (cells[column as keyof typeof longest].length > most) {
      wrong(`${column}: has more than ${most} characters`)
    }
  }
  const email = cells.email === '' ? null : readAddress(cells.email, wrong)
  const role = oneOf(roles, 'role', cells.role, wrong)
  const status = oneOf(importedStatuses, 'status', cells.status, wrong)
  const isAdmitted = answers[cells.admitted.toLowerCase()]
  if (isAdmitted === undefined) wrong('admitted: is neither yes nor no')
  const admittedUntil = readLastDay('admitted_until', cells.admitted_until, wrong)
  if (admittedUntil && isAdmitted === false) {
    wrong('admitted_until: has a day, and admitted does not say yes')
  }
  const granted = readActions(cells.actions, wrong)
  if (granted.length === 0 && status && status !== 'inactive') {
    wrong(`actions: is empty, and the status is ${status}; write ${actions.join(', ')}`)
  }
  const endsOn = readLastDay('last_day', cells.last_day, wrong)
  const oldHash = cells.password_hash === '' ? undefined : readHash(cells.password_hash, wrong)
  if (problems.length > 0 || !role || !status) return problems
  return {
    login,
    loginCanonical: canonicalLogin(login),
    name: cells.name,
    email,
    emailCanonical: email === null ? null : canonicalEmail(email),
    barNumber: cells.bar_number || null,
    role,
    status,
    isAdmitted: isAdmitted === true,
    admittedUntil,
    actions: granted,
    endsOn,
    oldHash,
  }
}

type Wrong = (text: string) => undefined

/** An apostrophe before what a spreadsheet would compute, as the exports of these pages have it; it is no text. */
const formulaMark = /^'(?=[=+\-@＝＋－＠])/

/** Line breaks and runs of blanks, as old systems wrap long names, are one blank. */
function plain(typed: Cells, wrong: Wrong): Cells {
  const entries = Object.entries(typed).map(([column, text]) => {
    const cell = text.normalize('NFC').replace(/\s+/g, ' ').trim().replace(formulaMark, '')
    if (/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u.test(cell)) {
      wrong(`${column}: has a character that cannot be shown`)
    }
    return [column, cell]
  })
  return Object.fromEntries(entries) as Cells
}

function readAddress(text: string, wrong: Wrong): string | null {
  const email = readEmail({ email: text })
  return email.ok ? email.value : (wrong('email: is no address like name@example.com') ?? null)
}

function oneOf<Value extends string>(
  values: readonly Value[],
  column: ImportColumn,
  text: string,
  wrong: Wrong,
): Value | undefined {
  const found = values.find((value) => value === text.toLowerCase())
  return found ?? wrong(`${column}: is none of ${values.join(', ')}`)
}

/** `2027-01-31`, or as courts write it, `01/31/2027`. */
function readLastDay(column: ImportColumn, text: string, wrong: Wrong): Day | null {
  if (text === '') return null
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? []
  const iso = year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text
  return parseDay(iso) ?? wrong(`${column}: is no day like 2027-01-31 or 01/31/2027`) ?? null
}

function readActions(text: string, wrong: Wrong): readonly Action[] {
  const words = text
    .toLowerCase()
    .split(/[\s;,|]+/)
    .filter(Boolean)
  const unknown = words.filter((word) => !(actions as readonly string[]).includes(word))
  if (unknown.length > 0) wrong(`actions: may have ${actions.join(', ')}, with a blank between`)
  return actions.filter((action) => words.includes(action))
}

/** Never repeats what stood there. */
function readHash(text: string, wrong: Wrong): OldHash | undefined {
  const read = readOldHash(text)
  if (read.ok) return read.value
  const why = {
    'not-a-hash': 'is no hash that is taken',
    'too-weak': 'is too weak a hash',
    'too-costly': 'is a hash that takes too long to check',
  }[read.reason]
  return wrong(`password_hash: ${why}; taken are ${takenOldHashes.join('; ')}`)
}
