import { byAccount } from '../../audit/by.ts'
import { epochSeconds, now } from '../../clock.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { officeList } from '../../courts/office-list.ts'
import { findOfficesToAsk } from '../../courts/offices-to-ask.ts'
import { type CourtFacts, efilingClaim, type PersonFacts } from '../../efiling/facts.ts'
import { findImported } from '../../efiling/imported/store.ts'
import { areNamesDifferent, fullName } from '../../efiling/linking/link.ts'
import { type LinkingRefusal, linkAccount } from '../../efiling/linking/link-account.ts'
import { findLinkBar } from '../../efiling/linking/link-bar.ts'
import {
  confirmSchema,
  namesForm,
  oldLoginForm,
  oldLoginSchema,
} from '../../efiling/linking/link-parts.ts'
import { openProof, type ShownLogin, sealProof } from '../../efiling/linking/link-proof.ts'
import {
  linkRefusalInWords,
  type NoOldAccounts,
  oldLoginProblem,
} from '../../efiling/linking/link-words.ts'
import { linkAccountPath } from '../../efiling/linking/linking-paths.ts'
import { type OpenLinking, openLinking } from '../../efiling/linking/open-linking.ts'
import { isOldAccountBar, proveOldLogin } from '../../efiling/linking/prove-old-login.ts'
import { checkFields } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import { ok, refused } from '../../outcome.ts'
import type { Problem } from '../../problem.ts'
import { inTransaction } from '../../storage/db.ts'
import { cannotLinkStepPage, linkStepPage, namesStepPage } from '../link-pages.ts'
import { formOf, originOf, type Visit } from '../visit.ts'
import { factsOf } from './notice-step.ts'
import { hasSeen } from './situation.ts'
import { done, type OwnStep, readFactsAgain, type Shown, type Taken } from './step.ts'

const name = 'link-account'
/** As for every page on which a right changes: whoever sits at the browser has proved just now who it is. */
const freshSeconds = 300

/**
 * The old filing account of the court is linked on the way to it: once, and the sign-in goes on to that court. Who
 * leaves it for later may look at cases, and is asked again in another session.
 */
export const linkAccountStep: OwnStep = {
  name,
  async isDue(about) {
    if (about.client.kind !== 'court' || hasSeen(about, name, 'per-client')) return false
    const facts = await about.facts()
    return facts !== undefined && courtToLink(facts) !== undefined
  },
  kept: ({ seen }) => (seen?.includes(name) ? 'that you were asked to link' : undefined),
  async show(visit) {
    const opened = await open(visit)
    return opened ? showForm(visit, opened) : { status: 200, page: '' }
  },
  async take(visit, fields) {
    const opened = fields['do'] === 'later' ? undefined : await open(visit)
    if (!opened) return leave(visit)
    const again = (shown: Shown): Taken => refused('to-mend', { again: shown })
    if (opened.linking.bar || !isFresh(visit)) return again(await showForm(visit, opened))
    return fields['proof'] === undefined
      ? again(await takeOldLogin(visit, opened, fields))
      : takeYes(visit, opened, fields)
  },
}

/** The court of the asking client at which linking is due. */
function courtToLink(facts: PersonFacts): CourtFacts | undefined {
  const at = now()
  const claim = efilingClaim(facts, at)
  return facts.courts.find((court) => {
    if (!court.takesLinks || claim[court.id]?.status !== 'none') return false
    const { right } = court
    const holder = facts.account
    return !findLinkBar({ court, holder, right, link: undefined, by: 'holder', at })
  })
}

type Opened = { readonly facts: PersonFacts; readonly linking: OpenLinking }

async function open(visit: Visit): Promise<Opened | undefined> {
  const facts = await factsOf(visit)
  const due = courtToLink(facts)
  const linking = due && (await openLinking(visit.deps.db, facts.account, due.id))
  return linking && { facts, linking }
}

/** The password was proved in this sign-in, or in one of a moment ago. */
function isFresh({ progress, person }: Visit): boolean {
  if (progress.login) return true
  return person?.signedInAt !== undefined && epochSeconds() - person.signedInAt <= freshSeconds
}

function leave(visit: Visit, facts?: PersonFacts): Taken {
  const left = done(visit, { seen: [...(visit.progress.seen ?? []), name] })
  return left.ok && facts ? ok({ ...left.value, facts }) : left
}

async function onEach(visit: Visit, { linking: { court } }: Opened) {
  const offices = (await findOfficesToAsk(visit.deps.db, [court.id])).get(court.id)
  return {
    ...formOf(visit, name),
    courtName: court.name,
    offices: offices && officeList('clerk', offices, { hasHelpLine: false }),
  }
}

async function showForm(
  visit: Visit,
  opened: Opened,
  again: { login?: string; status?: number; seconds?: number | undefined } & Partial<
    ReturnType<typeof oldLoginProblem>
  > = {},
): Promise<Shown> {
  const { court, closesAt, bar } = opened.linking
  if (bar) return showBar(visit, opened, bar)
  const { status = 200, login = '', seconds, heading, text, problems = [] } = again
  const page = await onEach(visit, opened)
  const form = isFresh(visit)
    ? oldLoginForm({ action: page.action, csrf: page.csrf, login, problems })
    : undefined
  return {
    status,
    retryAfterSeconds: seconds,
    page: linkStepPage({
      ...page,
      form,
      linkUrl: linkAccountPath(court.id),
      closesOn: closesAt ? momentAtCourt(closesAt, court) : undefined,
      problem: heading ? { heading, text, problems } : undefined,
    }),
  }
}

async function showBar(
  visit: Visit,
  opened: Opened,
  bar: LinkingRefusal | NoOldAccounts,
): Promise<Shown> {
  const { facts, linking } = opened
  const { heading, text } = linkRefusalInWords(bar, linking.court, facts.account)
  return {
    status: 409,
    page: cannotLinkStepPage({ ...(await onEach(visit, opened)), heading, text }),
  }
}

async function takeOldLogin(visit: Visit, opened: Opened, fields: Fields): Promise<Shown> {
  const { facts, linking } = opened
  const { account } = facts
  const checked = checkFields(oldLoginSchema, fields, ['oldPassword'])
  if (!checked.ok) {
    const { problems } = checked
    const login = fields['login'] ?? ''
    return showForm(visit, opened, {
      login,
      status: 422,
      heading: 'Something is missing',
      problems,
    })
  }
  const { login, oldPassword: password } = checked.value
  const by = byAccount(account.id, originOf(visit.ctx))
  const { court } = linking
  const proved = await proveOldLogin(visit.deps.linking, { account, court, login, password, by })
  if (proved.ok) {
    const { imported, way } = proved.value
    return showNames(visit, opened, { importedId: imported.id, way })
  }
  if (isOldAccountBar(proved)) {
    return showBar(visit, opened, { reason: proved.reason })
  }
  const seconds = proved.reason === 'too-many' ? proved.retryAfterSeconds : undefined
  const status = seconds === undefined ? 422 : 429
  return showForm(visit, opened, { ...oldLoginProblem(proved), login, status, seconds })
}

async function showNames(
  visit: Visit,
  opened: Opened,
  shown: ShownLogin,
  problems: readonly Problem[] = [],
): Promise<Shown> {
  const { facts, linking } = opened
  const { account } = facts
  const { court, version } = linking
  const imported = await findImported(visit.deps.db, court.id, shown.importedId)
  if (!imported) return showBar(visit, opened, { reason: 'unknown' })
  const page = await onEach(visit, opened)
  const by = { accountId: account.id, courtId: court.id, version }
  const form = namesForm({
    action: page.action,
    csrf: page.csrf,
    proof: sealProof(visit.deps.linking.key, shown, by),
    login: imported.login,
    oldName: imported.name,
    name: fullName(account),
    username: account.username,
    isSuspended: imported.status === 'suspended',
    differ: areNamesDifferent(imported.name, account),
    problems,
  })
  const problem = problems.length > 0 ? { heading: 'Nothing is linked yet', problems } : undefined
  return { status: problem ? 422 : 200, page: namesStepPage({ ...page, form, problem }) }
}

async function takeYes(visit: Visit, opened: Opened, fields: Fields): Promise<Taken> {
  const { facts, linking } = opened
  const { account } = facts
  const { court, version } = linking
  const again = (shown: Shown): Taken => refused('to-mend', { again: shown })
  const { proof, onePerson } = confirmSchema.parse(fields)
  const by = { accountId: account.id, courtId: court.id, version }
  const shown = openProof(visit.deps.linking.key, proof, by)
  if (!shown) {
    const heading = 'Type the old password once more'
    const text = 'Too much time has passed since it was typed. Nothing was linked.'
    return again(await showForm(visit, opened, { heading, text, status: 409 }))
  }
  const linked = await inTransaction(visit.deps.db, (tx) =>
    linkAccount(tx, {
      accountId: account.id,
      courtId: court.id,
      ...shown,
      isOnePerson: onePerson,
      by: byAccount(account.id, originOf(visit.ctx)),
    }),
  )
  // Of several presses the first one links, and the others go on.
  if (linked.ok || linked.reason === 'linked-already') {
    return leave(visit, await readFactsAgain(visit))
  }
  if (linked.reason !== 'names-differ') return again(await showBar(visit, opened, linked))
  const message = 'Say that both names are yours, or do not link'
  return again(await showNames(visit, opened, shown, [{ path: ['onePerson'], message }]))
}
