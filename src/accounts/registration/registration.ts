import type { KeyObject } from 'node:crypto'
import { createHmac } from 'node:crypto'
import { type AccountId, keyedHash } from '../../ids.ts'
import type { SweepRule } from '../../jobs/sweep.ts'
import type { CanonicalEmail } from '../email-address.ts'

/** Link and code of a mail hold so long, counted from its sending. Source: OWASP ASVS 5.0 6.5.5, W. */
export const holdsMinutes = 30
/** So often a code may be typed; then there is a new mail. */
export const mostTries = 5
/** The form is there so long after the address was confirmed, and after each answer that has to be mended. */
export const formMinutes = 120
/** However often it was mended. */
export const formMostHours = 24
/** A mail server that is away gets a mail within a day; till then the registration waits for it. */
export const waitHours = 26
/** The page that tells of the new account is there so long. */
export const doneMinutes = 60

/** So often the form of one registration is sent in an hour. */
export const formsPerRegistration = { points: 60, seconds: 3600 } as const

export const registrationPurpose = 'registration'

/** Where a registration stands, for one browser. */
export type Registration = {
  readonly id: string
  readonly email: string
  readonly emailCanonical: CanonicalEmail
  /** The application whose sign-in page led here. */
  readonly clientId: string | null
  /** Its mail is out. */
  readonly isSent: boolean
  /** How often the code of the newest mail was typed. */
  readonly codeTries: number
  /** Its code counts no more. */
  readonly isCodeOver: boolean
  readonly isOver: boolean
  /** The account that was made of it. */
  readonly accountId: AccountId | null
}

/** What a row knows a browser by; the cookie itself is nowhere in the stores. */
export function registrationMark(key: KeyObject, browser: string): string {
  return keyedHash(key, `registration browser ${browser}`)
}

/** What a row keeps of a code. */
export function codeMark(key: KeyObject, registrationId: string, code: string): string {
  return keyedHash(key, `registration code ${registrationId} ${code}`)
}

/** The six digits of a mail, the same for each try to send it: whichever arrives is right. */
export function codeOfMail(key: KeyObject, mailId: string): string {
  const bytes = createHmac('sha256', key).update(`registration mail ${mailId}`).digest()
  return String(bytes.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** A day longer than it counts, so that a page can say that it is over and keep the address. */
export const registrationSweep: SweepRule = {
  table: 'registrations',
  key: 'id',
  isOver: `expires_at < $1::timestamptz - interval '24 hours'`,
}
