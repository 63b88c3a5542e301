import {
  type CodeProblem,
  codeProblemOf,
  notACode,
  readCode,
  type TooMany,
  tooManyWords,
} from '../../accounts/address-code.ts'
import { readEmail } from '../../accounts/email-address.ts'
import { isSignInGood } from '../../accounts/sign-in-stand.ts'
import { byAccount } from '../../audit/by.ts'
import { UnavailableError } from '../../errors.ts'
import type { Fields } from '../../http/read-form.ts'
import { refused } from '../../outcome.ts'
import type { Problem } from '../../problem.ts'
import { inWords } from '../../time-in-words.ts'
import { upgradeCodePage, upgradeEmailPage } from '../upgrade-pages.ts'
import { formOf, originOf, type Visit } from '../visit.ts'
import { factsOf } from './notice-step.ts'
import { done, readFactsAgain, type Taken } from './step.ts'
import { busy, hasConfirmedEmail, partDone, placeOf, upgradeStep } from './upgrade-step.ts'

/**
 * An e-mail address that its holder reads, before anything else: it is the way back into an account whose
 * password is forgotten. Its mail has a code, read on whichever device, and typed in this sign-in alone.
 */
export const upgradeEmail = upgradeStep(
  'email',
  'your e-mail address',
  {
    show: async (visit) => ({ status: 200, page: await render(visit) }),
    async take(visit, fields) {
      try {
        switch (fields['do']) {
          case 'code':
            return await takeCode(visit, fields)
          case 'again':
            return await takeAgain(visit)
          case 'other':
            return again(visit, 200, { asksAddress: true })
          default:
            return await takeAddress(visit, fields)
        }
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error
        const asksAddress = fields['do'] === undefined
        return again(visit, 503, { asksAddress, typed: fields, problems: [busy] })
      }
    },
  },
  (account) => !hasConfirmedEmail(account),
)

async function takeAddress(visit: Visit, fields: Fields): Promise<Taken> {
  const mend = { asksAddress: true, typed: fields }
  const email = readEmail(fields)
  if (!email.ok) return again(visit, 422, { ...mend, problems: email.problems })
  const holder = await holderOf(visit)
  const asked = { ...(await mailAbout(visit)), email: email.value }
  const sent = await visit.deps.addressCodes.ask(holder, asked)
  if (!sent.ok) return tooMany(visit, sent, mend)
  // The same step is due, and asks for the code.
  return done(visit, {})
}

async function takeAgain(visit: Visit): Promise<Taken> {
  const sent = await visit.deps.addressCodes.sendAgain(
    await holderOf(visit),
    await mailAbout(visit),
  )
  if (sent.ok) return again(visit, 200, { isSentAgain: true })
  return sent.reason === 'over' ? done(visit, {}) : tooMany(visit, sent, {})
}

async function takeCode(visit: Visit, fields: Fields): Promise<Taken> {
  const code = readCode(fields['code'] ?? '')
  if (code === undefined) return again(visit, 422, { typed: fields, ...notACode })
  const holder = await holderOf(visit)
  const by = byAccount(holder.accountId, originOf(visit.ctx))
  const confirmed = await visit.deps.addressCodes.confirm(holder, code, by)
  // Confirmed by now, here or in another tab.
  const facts = await readFactsAgain(visit)
  if (confirmed.ok || (facts && hasConfirmedEmail(facts.account))) {
    return partDone(visit, 'email', { facts })
  }
  const isEnded = !facts || !isSignInGood(facts.account, visit.progress.login?.stand)
  if (isEnded) return refused('ended', {})
  return again(visit, 422, { typed: fields, ...codeProblemOf(confirmed) })
}

type Mend = Partial<CodeProblem> & {
  readonly asksAddress?: boolean
  readonly isSentAgain?: boolean
  readonly typed?: Fields
  readonly help?: string
}

async function again(
  visit: Visit,
  status: number,
  mend: Mend,
  retryAfterSeconds?: number,
): Promise<Taken> {
  return refused('to-mend', {
    again: { status, page: await render(visit, mend), retryAfterSeconds },
  })
}

function tooMany(visit: Visit, { of, retryAfterSeconds }: TooMany, mend: Mend): Promise<Taken> {
  const { explanation, whatToDo } = tooManyWords[of]
  const message = `${explanation} ${whatToDo} Try again in ${inWords(retryAfterSeconds)}.`
  const problems: readonly Problem[] = [{ path: [], message }]
  const heading = 'No more messages for the moment'
  const help = 'If you cannot wait, call the PACER Service Center'
  return again(visit, 429, { ...mend, heading, help, problems }, retryAfterSeconds)
}

async function holderOf(visit: Visit) {
  const { account } = await factsOf(visit)
  const stand = visit.progress.login?.stand
  return { accountId: account.id, interaction: visit.interaction.uid, stand }
}

async function mailAbout(visit: Visit) {
  const { account } = await factsOf(visit)
  return { account, address: originOf(visit.ctx).ip }
}

async function render(visit: Visit, mend: Mend = {}): Promise<string> {
  const { account } = await factsOf(visit)
  const asked = await visit.deps.addressCodes.find(await holderOf(visit))
  const { asksAddress = false, typed, ...shown } = mend
  const page = {
    problems: [],
    ...shown,
    ...formOf(visit, 'upgrade-email'),
    ...placeOf(visit, account, 'email'),
  }
  // What is wrong with a code is said beside the way to another one.
  if (asksAddress || !asked || (asked.isOver && !mend.problems)) {
    const email = asked?.email ?? account.email ?? ''
    return upgradeEmailPage({ ...page, typed: typed ?? { email } })
  }
  return upgradeCodePage({ ...page, typed: typed ?? {}, email: asked.email })
}
