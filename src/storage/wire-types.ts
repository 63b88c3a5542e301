import pg from 'pg'

const { builtins } = pg.types

/** Lists, which the driver has no names for. Source: pg_type.dat of PostgreSQL. */
const lists = { text: 1009, int8: 1016, date: 1182, numeric: 1231 }

/**
 * How a value of a type is read from its text, where the driver's own way would not do:
 * - int8 (and so `count(*)`, `max(id)`) is a number where that is exact and a bigint beyond; the
 *   driver's own answer is a string, which compares wrongly ('10' < '9');
 * - a date stays the text `YYYY-MM-DD`: a calendar day has no time zone;
 * - a list is read as its members are; the driver makes rounded numbers of a list of numerics.
 */
const own: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: readInt8,
  [builtins.DATE]: asItIs,
  [lists.int8]: (text) => readList(text, readInt8),
  [lists.date]: (text) => readList(text, asItIs),
  [lists.numeric]: (text) => readList(text, asItIs),
}

/** Reads values of this type; one that nobody knows is its text. The same for both databases. */
export function decoderOf(oid: number): (text: string) => unknown {
  return own[oid] ?? pg.types.getTypeParser(oid, 'text')
}

/** The driver's face for the same. */
export const decoders = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && own[oid]) ||
    pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
}

// A moment is written in UTC, as PGlite and Prisma do: for a column of days the zone of the process
// would decide which day it is.
pg.defaults.parseInputDatesAsUTC = true

/** A value as the text that PostgreSQL reads, for a driver that does not write it as `pg` does. */
export function encode(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return `{${value.map(encodeMember).join(',')}}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function encodeMember(value: unknown): string {
  const text = encode(value)
  if (text === null) return 'NULL'
  return Array.isArray(value) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`
}

function readInt8(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text)
}

function asItIs(text: string): string {
  return text
}

/** Members that are NULL come as null and are not read; a list may have lists in it. */
function readList(text: string, read: (text: string) => unknown): unknown {
  const readMember = (member: unknown): unknown => {
    if (Array.isArray(member)) return member.map(readMember)
    return member === null ? null : read(String(member))
  }
  return readMember(pg.types.getTypeParser(lists.text, 'text')(text))
}
