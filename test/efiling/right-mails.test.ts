import { expect, test } from 'vitest'
import { parseDay } from '../../src/days.ts'
import { noRight } from '../../src/efiling/right.ts'
import { decisionKinds, isLinkKind } from '../../src/efiling/right-machine.ts'
import { rightDecidedFacts, rightDecidedMail } from '../../src/efiling/right-mails.ts'

const court = { name: 'U.S. District Court, District of Guam', timeZone: 'Pacific/Guam' }
const next = {
  ...noRight,
  state: 'active',
  role: 'pro-hac-vice',
  actions: ['file', 'receive-notices'],
  endsOn: parseDay('2027-06-30')!,
  isAdmitted: true,
  admittedUntil: parseDay('2028-12-31')!,
  ordinal: 1,
  version: 1,
  holdsFrom: new Date(),
} as const

type Told = Parameters<typeof rightDecidedFacts>[0]
const toldKinds = decisionKinds.filter((kind): kind is Told['kind'] => !isLinkKind(kind))

const written = (decision: Told) => {
  const facts = rightDecidedFacts(decision, next, court)
  const holder = { username: 'jdoe-attorney', number: '7123456' }
  const context = { at: (path: string) => `https://sso.example.gov${path}`, made: {} }
  const { subject, paragraphs, withoutLink } = rightDecidedMail.compose(
    { ...holder, ...facts },
    context,
  )
  return { subject, text: [...paragraphs, withoutLink].join('\n') }
}

test.each(toldKinds)('%s names the account and the court, and where to look', (kind) => {
  const { subject, text } = written({ kind, reason: 'discipline', message: 'See order 12.' })
  expect(subject).toContain(court.name)
  expect(text).toContain('the username jdoe-attorney, account number 7123456')
  expect(text).toContain('https://sso.example.gov/account')
  expect(text).toContain('The reason that the court gives: Discipline.')
  expect(text).toContain('The court writes: See order 12.')
  expect(text).not.toMatch(/undefined|null|\[object/)
})

test('a grant says the role, what may be done, and both last days', () => {
  const { text } = written({ kind: 'grant' })
  expect(text).toContain('Your role there is: pro hac vice.')
  expect(text).toContain('You may: file documents; receive notices of electronic filing.')
  expect(text).toContain('The last day is June 30, 2027.')
  expect(text).toContain('admitted to practice there until December 31, 2028')
})

test('a decision ahead says from when it holds, in the time of the court', () => {
  const at = (text: string) => written({ kind: 'suspend', holdsFrom: new Date(text) }).text
  expect(at('2026-11-30T14:00:00Z')).toContain('This holds from December 1, 2026 on.')
  expect(at('2026-11-30T22:30:00Z')).toMatch(/from December 1, 2026, 8:30 a\.m\. .* on\./)
})

test('a long message comes whole', () => {
  const message = Array.from({ length: 400 }, (_, n) => `word${n}`).join(' ')
  expect(written({ kind: 'revoke', reason: 'other', message }).text).toContain(
    `The court writes: ${message}`,
  )
})

test('a message in any script is cut between characters: half a one is no text that can be kept', () => {
  const message = `x${'𝒜'.repeat(400)}`
  const { message: pieces } = rightDecidedFacts({ kind: 'revoke', message }, next, court)
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
  expect(pieces.join('')).toBe(message)
})
