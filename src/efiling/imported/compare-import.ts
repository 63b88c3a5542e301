import { randomUUID } from 'node:crypto'
import type { Passwords } from '../../accounts/password.ts'
import type { CourtId } from '../../ids.ts'
import type { Queryable } from '../../storage/db.ts'
import type { ImportRow } from './import-row.ts'
import { type ImportFacts, listThere, type ThereAlready, type WrittenRow } from './import-store.ts'
import { areStoredAlready, type OldHash, type OldPassword, wrapOldHashes } from './old-password.ts'
import type { LineNote } from './read-import.ts'

/** A row with its line. */
export type ImportRowRead = ImportRow & { readonly line: number }

/** What some lines of a file change. */
export type ComparedImport = {
  readonly added: readonly WrittenRow[]
  readonly changed: readonly WrittenRow[]
  readonly same: number
  readonly taken: readonly LineNote[]
}

type Hashing = Pick<Passwords, 'inThread' | 'peppers'>

/**
 * Compares lines of a file with what is there, and wraps the hashes that are to be written.
 * @param lines.leavesPasswords the hashes of the file are not looked at.
 */
export async function compareImport(
  db: Queryable,
  passwords: Hashing,
  courtId: CourtId,
  lines: { readonly rows: readonly ImportRowRead[]; readonly leavesPasswords: boolean },
): Promise<ComparedImport> {
  const logins = lines.rows.map(({ loginCanonical }) => loginCanonical)
  const there = new Map(
    (await listThere(db, courtId, logins)).map((each) => [each.loginCanonical, each]),
  )
  const taken: LineNote[] = []
  const open = lines.rows.flatMap(({ line, oldHash, ...facts }) => {
    const known = there.get(facts.loginCanonical)
    if (known?.isTaken) {
      taken.push({ line, text: takenText(facts, known) })
      return []
    }
    return [{ facts, oldHash: lines.leavesPasswords ? undefined : oldHash, known }]
  })
  const isNew = await hashesAreNew(passwords, open)
  const written = open.flatMap(({ facts, oldHash, known }, index) => {
    const newHash = isNew[index] ? oldHash : undefined
    const isSame = known?.imported && !newHash && haveSameFacts(facts, known.imported)
    return isSame ? [] : [{ facts, newHash, known }]
  })
  const wrapped = await wrapNew(
    passwords,
    written.map(({ newHash }) => newHash),
  )
  const rows = written.map(({ facts, known }, index) => ({
    isAdded: !known?.imported,
    row: {
      ...facts,
      id: known?.imported?.id ?? randomUUID(),
      settings: wrapped[index]?.settings ?? null,
      hash: wrapped[index]?.hash ?? null,
    },
  }))
  return {
    added: rows.flatMap(({ isAdded, row }) => (isAdded ? [row] : [])),
    changed: rows.flatMap(({ isAdded, row }) => (isAdded ? [] : [row])),
    same: open.length - written.length,
    taken,
  }
}

function takenText({ login }: ImportFacts, { imported }: ThereAlready): string {
  return imported
    ? `${login} was linked, or decided about, since it was imported`
    : `the CM/ECF account ${login} is somebody’s already`
}

/** For each, whether its hash is to be written; one that is there already, whatever lies over it, is not. */
async function hashesAreNew(
  passwords: Hashing,
  rows: readonly {
    readonly oldHash: OldHash | undefined
    readonly known: ThereAlready | undefined
  }[],
): Promise<readonly boolean[]> {
  const pairs = rows.flatMap(({ oldHash, known }, index) =>
    oldHash && known?.password ? [{ index, hash: oldHash, stored: known.password }] : [],
  )
  const same = await areStoredAlready(passwords, pairs)
  const sameRows = new Set(pairs.flatMap(({ index }, place) => (same[place] ? [index] : [])))
  return rows.map(({ oldHash }, index) => oldHash !== undefined && !sameRows.has(index))
}

async function wrapNew(
  passwords: Hashing,
  hashes: readonly (OldHash | undefined)[],
): Promise<readonly (OldPassword | undefined)[]> {
  const given = hashes.flatMap((hash, index) => (hash ? [{ hash, index }] : []))
  const wrapped = await wrapOldHashes(
    passwords,
    given.map(({ hash }) => hash),
  )
  const result: (OldPassword | undefined)[] = hashes.map(() => undefined)
  for (const [place, { index }] of given.entries()) result[index] = wrapped[place]
  return result
}

function haveSameFacts(one: ImportFacts, other: ImportFacts): boolean {
  return (
    one.login === other.login &&
    one.name === other.name &&
    one.email === other.email &&
    one.barNumber === other.barNumber &&
    one.role === other.role &&
    one.status === other.status &&
    one.isAdmitted === other.isAdmitted &&
    one.admittedUntil === other.admittedUntil &&
    one.endsOn === other.endsOn &&
    one.actions.join() === other.actions.join()
  )
}
