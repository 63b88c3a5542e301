import { accountTypeLabel } from '../../accounts/account.ts'
import { stateOf } from '../../accounts/account-state.ts'
import { listHolds } from '../../accounts/hold.ts'
import type { PostalAddress } from '../../accounts/person/postal-address.ts'
import { stateWords } from '../../accounts/state-words.ts'
import { now } from '../../clock.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import {
  deliveryFormatLabels,
  deliveryPreferenceLabels,
  type OldAccountRule,
} from '../../courts/practice.ts'
import { findPractice } from '../../courts/practice-store.ts'
import { roleLabel } from '../../courts/roles.ts'
import { dayAt, formatDay } from '../../days.ts'
import { documentTypeLabels, sizeInWords } from '../../efiling/documents/document.ts'
import { listDocuments } from '../../efiling/documents/store.ts'
import type { ImportedStatus } from '../../efiling/imported/imported-account.ts'
import { type ImportedAlike, listImportedAlikes } from '../../efiling/requests/imported-alikes.ts'
import { type LookAlike, listLookAlikes } from '../../efiling/requests/look-alike-store.ts'
import { findNamed, listNamedEvents } from '../../efiling/requests/queue-store.ts'
import { clerkSecondsAt, type FilingRequest, ownQuestions } from '../../efiling/requests/request.ts'
import { askedInWords } from '../../efiling/requests/request-words.ts'
import { type Right, stateOfRight } from '../../efiling/right.ts'
import { findRight } from '../../efiling/right-store.ts'
import type { Database } from '../../storage/db.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { RequestHead, RequestOnPage } from './request-page.ts'
import { eventText, isClosing, nameOf, rightLabels, standsText } from './request-words.ts'
import { type Filer, findFiler } from './store.ts'

type InZone = { readonly timeZone: string }

/** Who asks for what. */
export async function readHead(db: Database, request: FilingRequest): Promise<RequestHead> {
  return headOf(request, await findFiler(db, request.accountId))
}

function headOf(request: FilingRequest, filer: Filer): RequestHead {
  const { number, version } = request
  return { number, version, name: nameOf(filer), asksFor: askedInWords(request) }
}

/** Everything that the clerk decides on, in words. */
export async function readRequest(
  db: Database,
  request: FilingRequest,
  court: InZone,
): Promise<RequestOnPage> {
  const named = request.answers.find(({ question }) => question === ownQuestions.oldLogin)?.value
  const [filer, events, documents, alike, assigned, right, imported, practice] = await Promise.all([
    findFiler(db, request.accountId),
    listNamedEvents(db, request.id),
    listDocuments(db, request.id),
    listLookAlikes(db, request.accountId, request.courtId),
    request.assignedTo ? findNamed(db, request.assignedTo) : undefined,
    findRight(db, request.accountId, request.courtId),
    listImportedAlikes(db, request.accountId, request.courtId, named ?? ''),
    findPractice(db, request.courtId),
  ])
  return {
    ...headOf(request, filer),
    stands: standsText(request),
    tone: toneOf(request),
    since: sinceText(request, court),
    assigned: assigned ? `Taken on by ${nameOf(assigned)}.` : 'Taken on by nobody.',
    submitted: [
      ...submittedFacts(request, court),
      ...request.answers.map(({ label, value }) => ({ label, text: value })),
      ...documents.map(({ id, label, name, size, type, createdAt }) => ({
        label,
        text: [
          `${name} (${documentTypeLabels[type]}, ${sizeInWords(size)})`,
          request.submittedAt && createdAt > request.submittedAt
            ? `, added on ${momentAtCourt(createdAt, court)}`
            : '',
        ].join(''),
        document: id,
      })),
    ],
    account: [...accountFacts(filer), ['At this court now', rightText(right, court)]],
    alike: alike.map((each) => ({ ...each, name: nameOf(each), same: likenessText(each) })),
    imported: imported.map((each) => ({
      ...each,
      state: importedLabels[each.status],
      same: importedLikeness(each),
      canBeLinked: each.linkId === null && each.status !== 'inactive',
    })),
    oldAccountRule: oldAccountTexts[practice.oldAccounts],
    events: events.map((event) => ({
      text: eventText(event),
      message: event.message,
      at: momentAtCourt(event.recordedAt, court),
      by:
        event.by && !isClosing(event)
          ? event.by.id === request.accountId
            ? 'the filer'
            : nameOf(event.by)
          : undefined,
    })),
  }
}

function toneOf({ state }: FilingRequest): RequestOnPage['tone'] {
  if (state === 'approved') return 'active'
  if (state === 'denied') return 'revoked'
  return state === 'withdrawn' ? 'lapsed' : 'pending'
}

const daySeconds = 24 * 3600

function sinceText(request: FilingRequest, { timeZone }: InZone): string {
  const days = Math.floor(clerkSecondsAt(request, now()) / daySeconds)
  const part = `${days} day${days === 1 ? '' : 's'} of it with the clerk`
  const { endedAt, submittedAt } = request
  const sent = submittedAt ? `Sent on ${formatDay(dayAt(submittedAt, timeZone))}` : 'Not sent'
  return endedAt
    ? `${sent}, over since ${formatDay(dayAt(endedAt, timeZone))}; ${part}.`
    : `${sent}; ${part}.`
}

function submittedFacts(request: FilingRequest, { timeZone }: InZone) {
  const { role, deliveryFrequency, deliveryFormat, termsVersion, submittedAt } = request
  const facts: { label: string; text: string }[] = [
    { label: 'Asks for', text: askedInWords(request) },
    { label: 'Role', text: roleLabel(role) },
  ]
  if (submittedAt) facts.push({ label: 'Sent on', text: formatDay(dayAt(submittedAt, timeZone)) })
  if (deliveryFrequency) {
    facts.push({ label: 'Notices', text: deliveryPreferenceLabels[deliveryFrequency] })
  }
  if (deliveryFormat) {
    facts.push({ label: 'Notices in', text: deliveryFormatLabels[deliveryFormat] })
  }
  if (termsVersion !== null) {
    facts.push({ label: 'Terms of this court', text: `Accepted, version ${termsVersion}` })
  }
  return facts
}

/** What somebody has at the court, in a line. */
export function rightText(right: Right | undefined, court: InZone): string {
  const label = rightLabels[stateOfRight(right, court, now())]
  const { role, filerId } = right ?? {}
  return [
    [label, role && roleLabel(role).toLowerCase()].filter(Boolean).join(': '),
    filerId && `CM/ECF account ${filerId}`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** The account of whoever asks as the court sees it. */
export function accountFacts(filer: Filer): RequestOnPage['account'] {
  const state = stateOf(filer)
  const [held] = listHolds(filer)
  const words = stateWords({
    state,
    held: held ? { since: Math.floor(held.since.getTime() / 1000), reason: held.reason } : null,
  })
  const bars = filer.barNumbers.map((bar) => `${bar.state} ${bar.number}`)
  return [
    ['Name', nameOf(filer)],
    ['Account number', filer.number],
    ['Username', filer.username],
    ['Account type', accountTypeLabel(filer)],
    ['State of the account', words.label],
    [
      'E-mail of the account',
      filer.email ? `${filer.email}${filer.isEmailVerified ? '' : ', not confirmed'}` : 'None',
    ],
    ['Telephone', filer.phone ?? 'None'],
    ['Address', filer.address ? addressText(filer.address) : 'None'],
    ['Bar numbers', bars.join('; ') || 'None'],
    ['Made on', dayAndTime(filer.createdAt)],
  ]
}

function addressText({ lines, city, state, postalCode, country }: PostalAddress): string {
  const town = [city, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ')
  return [...lines, town, country].join(', ')
}

const importedLabels: Readonly<Record<ImportedStatus, string>> = {
  active: 'Active in the old system',
  suspended: 'Suspended in the old system',
  inactive: 'Not in use in the old system',
}

const oldAccountTexts: Readonly<Record<OldAccountRule, string>> = {
  'clerk-links':
    'Your court has said that you link the account of whoever has one, instead of approving a new one.',
  'link-instead':
    'Your court has said that whoever has an account links it, with the old password. Who cannot is linked by you.',
}

function importedLikeness(one: ImportedAlike): string {
  return inOneLine([
    one.isNamed && 'login that the filer named',
    one.hasSameBarNumber && 'bar number',
    one.hasSameEmail && 'e-mail address',
    one.hasSameName && 'name',
  ])
}

function likenessText(one: LookAlike): string {
  return inOneLine([
    one.hasSameBarNumber && 'bar number',
    one.hasSameName && 'name',
    one.hasSameBirthDate && 'date of birth',
    one.hasSameAddress && 'postal address',
  ])
}

/** What is the same, with one capital letter. */
function inOneLine(likenesses: readonly (string | false)[]): string {
  return likenesses
    .filter((each): each is string => Boolean(each))
    .map((each, index) => (index === 0 ? `${each[0]?.toUpperCase()}${each.slice(1)}` : each))
    .join(', ')
}
