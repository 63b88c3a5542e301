import type { AccountId, CourtId } from '../../ids.ts'

/** How it was shown whose account of the old system it is. */
const linkWays = ['password', 'verifier', 'clerk'] as const
export type LinkWay = (typeof linkWays)[number]

/** Who said of a link that it is wrong: a press on the link in the mail to one of the two addresses. */
const linkReaders = ['holder', 'old-address'] as const
export type LinkReader = (typeof linkReaders)[number]

/** That an account of a court's old system is somebody's. */
export type Link = {
  readonly id: string
  readonly courtId: CourtId
  readonly importedId: string
  readonly accountId: AccountId
  readonly way: LinkWay
  /** The two names were different, and whoever linked said that it is one person. */
  readonly namesDiffer: boolean
  /** Of a clerk. */
  readonly reason: string | null
  readonly linkedAt: Date
  readonly linkedBy: AccountId
  readonly contestedAt: Date | null
  readonly contestedBy: LinkReader | null
  /** A clerk let it stand. */
  readonly settledAt: Date | null
  readonly settledBy: AccountId | null
  readonly settleReason: string | null
  readonly endedAt: Date | null
  readonly endedBy: AccountId | null
  readonly endReason: string | null
}

/** Somebody said that it is wrong, and no clerk has looked at it yet: nobody files with it. */
export function isContested(link: Pick<Link, 'contestedAt' | 'settledAt' | 'endedAt'>): boolean {
  return link.contestedAt !== null && link.settledAt === null && link.endedAt === null
}

type HolderName = { readonly givenName: string | null; readonly familyName: string | null }

/** The name of an account's holder, as two names are shown side by side. */
export function fullName({ givenName, familyName }: HolderName): string {
  return [givenName, familyName].filter(Boolean).join(' ')
}

/**
 * Whether the name in the old system and that of the account are of two people, as far as names say it: case,
 * accents, points and the order of the words make no other person, nor does a name in the middle that one of
 * them leaves out. Old systems write "Doe, John A." and "JOHN DOE".
 */
export function areNamesDifferent(oldName: string, holder: HolderName): boolean {
  const one = wordsOf(oldName)
  const other = wordsOf(fullName(holder))
  const [fewer, more] = one.length <= other.length ? [one, other] : [other, one]
  const left = [...more]
  return (
    fewer.length < 2 ||
    !fewer.every((word) => {
      const place = left.indexOf(word)
      if (place < 0) return false
      left.splice(place, 1)
      return true
    })
  )
}

function wordsOf(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/[\p{M}'’‘`.]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
}
