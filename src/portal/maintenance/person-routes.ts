import Router from '@koa/router'
import { z } from 'zod'
import { changePerson, type PersonMember } from '../../accounts/change-person.ts'
import {
  barNumberFields,
  barNumbersTyped,
  readBarNumbers,
} from '../../accounts/person/bar-numbers.ts'
import { readName } from '../../accounts/person/name.ts'
import { readPhone } from '../../accounts/person/phone.ts'
import {
  addressFields,
  addressTyped,
  readPostalAddress,
} from '../../accounts/person/postal-address.ts'
import { findPerson, type PersonChange, type PersonRecord } from '../../accounts/person-store.ts'
import { byAccount } from '../../audit/by.ts'
import { type FormOf, type Posted, typedIn } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { requestOrigin } from '../../http/request-context.ts'
import { ok } from '../../outcome.ts'
import { paths } from '../../paths.ts'
import { type Checked, together } from '../../problem.ts'
import { type Database, inTransaction } from '../../storage/db.ts'
import type { WindowCounter } from '../../storage/window-counter.ts'
import { countForm, type FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'
import { findJustNow } from '../just-now.ts'
import type { AfterForm, PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import { addressContent, type FactsOnPage, officeContent, personContent } from './person-page.ts'

export type PersonRouteDeps = {
  readonly db: Database
  readonly portal: PortalGate
  readonly formsPerAccount: Pick<WindowCounter, 'count'>
}

const schema = z.record(z.string(), z.string())

/** One page with what an account says of its person. */
type FactsPage = {
  readonly form: FormOf<typeof schema>
  /** Whether it asks for a sign-in of a moment ago. */
  readonly isFresh: boolean
  readonly members: readonly PersonMember[]
  /** What is stored, as fields of the form. */
  typed(person: PersonRecord): Fields
  read(fields: Fields): Checked<PersonChange>
  content(model: FactsOnPage & { hasBirthDate: boolean }): PortalContent
}

const person: FactsPage = {
  form: {
    name: 'person',
    page: paths.accountPerson,
    schema,
    // Which button was pressed is kept with the rest, where somebody has to sign in first.
    keeps: ['givenName', 'familyName', 'phone', ...barNumberFields, 'do'],
  },
  // A telephone number is what others are called back at.
  isFresh: true,
  members: ['givenName', 'familyName', 'phone', 'barNumbers'],
  typed: ({ givenName, familyName, phone, barNumbers }) => ({
    givenName: givenName ?? '',
    familyName: familyName ?? '',
    phone: phone ?? '',
    ...barNumbersTyped(barNumbers),
  }),
  read(fields) {
    const read = together({
      name: readName(fields),
      phone: readPhone(fields),
      barNumbers: readBarNumbers(fields),
    })
    if (!read.ok) return read
    const { name, ...rest } = read.value
    return ok({ ...name, ...rest })
  },
  content: personContent,
}

const address: FactsPage = {
  form: { name: 'address', page: paths.accountAddress, schema, keeps: addressFields },
  isFresh: false,
  members: ['address'],
  typed: (stored) => addressTyped(stored.address),
  read: (fields) => together({ address: readPostalAddress(fields) }),
  content: addressContent,
}

/** What an account says of its person: seen, and changed by its holder. */
export function personRoutes(deps: PersonRouteDeps): Router {
  const { portal } = deps
  const router = new Router()
  for (const page of [person, address]) {
    const { form, isFresh } = page
    router.get(
      form.page,
      portal.page((visit) => show(deps, page, visit), { isFresh }),
    )
    router.post(
      form.page,
      portal.form(form, (visit, posted) => take(deps, page, visit, posted), { isFresh }),
    )
  }
  return router
}

type Again = {
  readonly typed: Fields
  readonly status?: number
  readonly problem?: FormTrouble
  readonly isSame?: boolean
  readonly isOneMoreBar?: boolean
}

async function show(
  { db }: PersonRouteDeps,
  { form, members, typed, content }: FactsPage,
  visit: PortalVisit,
  again?: Again,
): Promise<PortalAnswer> {
  const { account, ctx, tokenFor } = visit
  if (account.type !== 'individual' && form === person.form) return officeContent()
  const stored = await findPerson(db, account.id)
  if (!stored) throw new Error('the account of a session is gone')
  // Anybody can write an address that says so; it is said where it is true.
  const saysSo = !again && ctx.query['saved'] !== undefined
  const saved = saysSo ? await findJustNow(db, account.id, 'account.changed') : undefined
  const { status, ...shown }: Again = again ?? { typed: typed(stored) }
  return {
    ...content({
      ...shown,
      action: form.page,
      csrf: tokenFor(form),
      hasBirthDate: stored.hasBirthDate,
      isTold: account.isEmailVerified,
      savedAt: saved && isAbout(saved.detail, members) ? saved.recordedAt : undefined,
    }),
    status,
  }
}

function isAbout(detail: Readonly<Record<string, unknown>>, members: readonly string[]): boolean {
  const { fields } = detail
  return Array.isArray(fields) && fields.some((field) => members.includes(field))
}

async function take(
  deps: PersonRouteDeps,
  page: FactsPage,
  visit: PortalVisit,
  posted: Posted<Fields>,
): Promise<AfterForm> {
  const { ctx, account } = visit
  const typed = posted.ok ? typedIn(page.form, posted.value) : posted.typed
  const again = (about: Omit<Again, 'typed'>) => show(deps, page, visit, { typed, ...about })
  if (!posted.ok) return again({ status: 422, problem: { ...notSaved, problems: posted.problems } })
  if (posted.value['do'] === 'add-bar') return again({ isOneMoreBar: true })
  const to = page.read(posted.value)
  if (!to.ok) return again({ status: 422, problem: { ...notSaved, problems: to.problems } })
  const tooOften = await countForm(deps.formsPerAccount, visit, page.form)
  if (tooOften) return again({ status: 429, problem: tooOften })
  const by = byAccount(account.id, requestOrigin(ctx))
  const changed = await inTransaction(deps.db, (tx) =>
    changePerson(tx, { accountId: account.id, to: to.value }, by),
  )
  if (!changed.ok) {
    return again({ status: 422, problem: { ...notSaved, help: 'Call the PACER Service Center' } })
  }
  return changed.value.length > 0 ? { to: `${page.form.page}?saved` } : again({ isSame: true })
}

const notSaved = { heading: 'Nothing was saved' } as const
