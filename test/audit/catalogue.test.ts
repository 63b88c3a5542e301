import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { wordedEvents } from '../../src/console/support/event-words.ts'
import { toldEvents } from '../../src/portal/settings/activity-words.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')

/** Every event there is: its name, its outcome, and the slice that it stands in. */
const catalogue: readonly (readonly [string, 'success' | 'refused', string])[] = [
  ['account.address-approved', 'success', 'accounts'],
  ['account.address-proposal-ended', 'success', 'accounts'],
  ['account.address-proposed', 'success', 'accounts'],
  ['account.birth-date-corrected', 'success', 'accounts'],
  ['account.changed', 'success', 'accounts'],
  ['account.closed', 'success', 'accounts'],
  ['account.confirmed', 'success', 'accounts'],
  ['account.disabled', 'success', 'accounts'],
  ['account.email-change-asked', 'success', 'accounts'],
  ['account.email-change-withdrawn', 'success', 'accounts'],
  ['account.email-changed', 'success', 'accounts'],
  ['account.enabled', 'success', 'accounts'],
  ['account.exported', 'success', 'accounts'],
  ['account.held', 'success', 'accounts'],
  ['account.imported', 'success', 'efiling'],
  ['account.linked', 'success', 'efiling'],
  ['account.linking-refused', 'refused', 'efiling'],
  ['account.not-me-reported', 'success', 'accounts'],
  ['account.old-address-reported', 'success', 'accounts'],
  ['account.password-accepted', 'success', 'signin'],
  ['account.password-changed', 'success', 'accounts'],
  ['account.password-rehashed', 'success', 'accounts'],
  ['account.password-required', 'success', 'accounts'],
  ['account.recovery-asked', 'success', 'accounts'],
  ['account.registered', 'success', 'accounts'],
  ['account.released', 'success', 'accounts'],
  ['account.resealed', 'success', 'accounts'],
  ['account.rules-accepted', 'success', 'accounts'],
  ['account.search-reactivated', 'success', 'accounts'],
  ['account.sign-in-refused', 'refused', 'signin'],
  ['account.signed-in', 'success', 'oidc'],
  ['account.signed-out', 'success', 'sessions'],
  ['account.twin-found', 'success', 'accounts'],
  ['account.unlinked', 'success', 'efiling'],
  ['account.unlocked', 'success', 'signin'],
  ['account.upgraded', 'success', 'accounts'],
  ['account.username-changed', 'success', 'accounts'],
  ['authorization.issued', 'success', 'oidc'],
  ['client.authentication-refused', 'refused', 'oidc'],
  ['client.changed', 'success', 'clients'],
  ['client.keys-refused', 'refused', 'oidc'],
  ['client.registered', 'success', 'clients'],
  ['consent.given', 'success', 'oidc'],
  ['consent.withdrawn', 'success', 'oidc'],
  ['court.accounts-exported', 'success', 'console'],
  ['court.filers-told', 'success', 'efiling'],
  ['court.go-live-changed', 'success', 'courts'],
  ['court.offices-changed', 'success', 'courts'],
  ['court.old-passwords-erased', 'success', 'efiling'],
  ['court.person-found', 'success', 'console'],
  ['court.practice-changed', 'success', 'courts'],
  ['court.readiness-exported', 'success', 'console'],
  ['court.verifier-changed', 'success', 'courts'],
  ['document.opened', 'success', 'efiling'],
  ['document.resealed', 'success', 'efiling'],
  ['grant.revoked', 'success', 'sessions'],
  ['job.retried', 'success', 'jobs'],
  ['link.confirmed', 'success', 'efiling'],
  ['link.reported', 'success', 'efiling'],
  ['mail.dropped', 'success', 'mail'],
  ['mail.refused', 'refused', 'mail'],
  ['mail.sent', 'success', 'mail'],
  ['notice-of-change.asked', 'success', 'efiling'],
  ['notice-of-change.decided', 'success', 'efiling'],
  ['notice-of-change.withdrawn', 'success', 'efiling'],
  ['redaction.acknowledged', 'success', 'efiling'],
  ['request.answered', 'success', 'efiling'],
  ['request.approved', 'success', 'efiling'],
  ['request.assignment-changed', 'success', 'efiling'],
  ['request.denied', 'success', 'efiling'],
  ['request.document-sent', 'success', 'efiling'],
  ['request.question-asked', 'success', 'efiling'],
  ['request.submitted', 'success', 'efiling'],
  ['request.wait-changed', 'success', 'efiling'],
  ['request.withdrawn', 'success', 'efiling'],
  ['right.decided', 'success', 'efiling'],
  ['secrets.accepted', 'success', 'installation'],
  ['session.ended', 'success', 'sessions'],
  ['staff-role.approved', 'success', 'staff'],
  ['staff-role.granted', 'success', 'staff'],
  ['staff-role.proposal-ended', 'success', 'staff'],
  ['staff-role.proposed', 'success', 'staff'],
  ['staff-role.refused', 'refused', 'staff'],
  ['staff-role.revoked', 'success', 'staff'],
  ['standing.changed', 'success', 'efiling'],
  ['support.birth-date-compared', 'success', 'console'],
  ['support.looked', 'success', 'console'],
  ['support.searched', 'success', 'console'],
  ['token.reused', 'refused', 'sessions'],
  ['token.revoked', 'success', 'oidc'],
]

/** `noun.verb-past`: what, and what became of it. */
const pattern =
  /^[a-z]+(-[a-z]+)*\.([a-z]+-)*(accepted|acknowledged|answered|approved|asked|changed|closed|compared|confirmed|corrected|denied|decided|disabled|dropped|enabled|ended|erased|exported|found|given|granted|held|imported|in|issued|linked|looked|opened|out|proposed|reactivated|refused|registered|rehashed|released|reported|required|resealed|retried|reused|revoked|searched|sent|submitted|told|unlinked|unlocked|upgraded|withdrawn)$/

/** The events that the source writes, as `[name, outcome, slice]`; `${about.change}` is spelled out. */
function eventsInSource(): string[][] {
  return globSync('src/**/*.ts', { cwd: root }).flatMap((path) => {
    if (path.includes('/generated/')) return []
    const text = read(path)
    const slice = path.split('/')[1] ?? ''
    return [...text.matchAll(/\bevent: (['`])([^'`]+)\1,\s*outcome: '(\w+)'/g)].flatMap((match) => {
      const [, , name = '', outcome = ''] = match
      const variants = /change: ((?:'\w+'(?: \| )?)+)/g
      const before = [...text.slice(0, match.index).matchAll(variants)].at(-1)?.[1] ?? ''
      const changes = [...before.matchAll(/'(\w+)'/g)].map(([, change = '']) => change)
      const names = name.includes('${') ? changes.map((to) => name.replace(/\$\{.*\}/, to)) : [name]
      return names.map((each) => [each, outcome, slice, path.split('/').at(-1) ?? ''])
    })
  })
}

test('every event stands in the events.ts of one slice, once, and is in this list', () => {
  const found = eventsInSource()
  expect(found.filter(([, , , file]) => file !== 'events.ts')).toEqual([])
  const listed = found.map(([name, outcome, slice]) => [name, outcome, slice])
  expect(listed.sort()).toEqual(catalogue.map((entry) => [...entry]).sort())
  expect(new Set(listed.map(([name]) => name)).size).toBe(listed.length)
})

test('every event is named noun.verb-past', () => {
  expect(catalogue.map(([name]) => name).filter((name) => !pattern.test(name))).toEqual([])
})

test('every event function is in a file events.ts, and every such function makes an event', () => {
  const functions = globSync('src/*/events.ts', { cwd: root }).flatMap((path) => [
    ...read(path).matchAll(/^export function (\w+)/gm),
  ])
  const made = eventsInSource().length - 2
  // Two functions make two events each: registered or changed.
  expect(functions).toHaveLength(made)
})

test('the manual lists every event and no other', () => {
  const manual = read('docs/operate.md')
  const [, table = ''] = manual.split('<!-- events -->')
  const listed = [...table.matchAll(/^\| `([a-z.-]+)` \|/gm)].map(([, name]) => name)
  expect(listed).toEqual(catalogue.map(([name]) => name))
})

/** Of no account: applications, courts, the program itself, and a search that shows several. */
const ofNoAccount: readonly string[] = [
  'account.resealed',
  'client.authentication-refused',
  'client.changed',
  'client.keys-refused',
  'client.registered',
  'court.filers-told',
  'account.imported',
  'court.go-live-changed',
  'court.offices-changed',
  'court.old-passwords-erased',
  'court.practice-changed',
  'court.verifier-changed',
  'court.readiness-exported',
  'court.accounts-exported',
  'document.resealed',
  'job.retried',
  'secrets.accepted',
  'support.searched',
]

/** Left out of the history that support reads: that support looked hides what happened. */
const notToldToSupport: readonly string[] = ['support.looked']

/** Left out of what the holder reads, each for its reason. */
const notToldToHolder: readonly string[] = [
  // Who at the court looks after it is the court's own.
  'request.assignment-changed',
  // What the same press led to is told.
  'account.password-accepted',
  'grant.revoked',
  // Nothing is different for the holder.
  'account.password-rehashed',
  'token.revoked',
  'token.reused',
  // What the same press gave is told.
  'staff-role.approved',
  // Nothing is different, and who wanted it is watched by others.
  'staff-role.refused',
  // It names other people's accounts; the hold that follows is told.
  'account.twin-found',
  // It is in the mailbox.
  'mail.sent',
  // Its holder has died.
  'mail.dropped',
  // Who works there is watched by others.
  'court.person-found',
  'support.birth-date-compared',
  'support.looked',
]

const ofAccounts = catalogue.map(([name]) => name).filter((name) => !ofNoAccount.includes(name))

test('every event of an account has words for support, and for its holder or a reason why not', () => {
  const forSupport = [...wordedEvents, ...notToldToSupport]
  expect(forSupport.toSorted()).toEqual(ofAccounts.toSorted())
  expect([...toldEvents, ...notToldToHolder].toSorted()).toEqual(ofAccounts.toSorted())
})
