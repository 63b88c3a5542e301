import type { AccountFacts } from '../../accounts/account.ts'
import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import type { GoLivePlan } from '../../courts/go-live-plan.ts'
import type { Right } from '../right.ts'
import { isContested, type Link } from './link.ts'
import { findLinkBar } from './link-bar.ts'
import { linkAccountPath } from './linking-paths.ts'

/** Where a person stands with the old filing account at one court. */
export type LinkStep = {
  readonly kind: 'linked' | 'contested' | 'can-link' | 'must-link-by' | 'ask-clerk'
  /** A few words, for a list. */
  readonly label: string
  readonly text: string
  readonly url: string
  readonly button: string
}

type AtCourt = {
  readonly account: Pick<AccountFacts, 'type' | 'isUpgraded' | 'state'>
  readonly court: Parameters<typeof findLinkBar>[0]['court'] & Pick<Court, 'id' | 'takesLinks'>
  readonly right: Right | undefined
  readonly link: Link | undefined
  readonly plan: Pick<GoLivePlan, 'legacyClosesAt'> | undefined
  readonly at: Date
}

/** The one next step of linking; undefined where linking is not what comes next at this court. */
export function findLinkStep({
  account,
  court,
  right,
  link,
  plan,
  at,
}: AtCourt): LinkStep | undefined {
  const url = linkAccountPath(court.id)
  const bar = findLinkBar({ court, holder: account, right, link, by: 'holder', at })
  if (bar?.reason === 'linked-already') {
    return isContested(bar.link)
      ? {
          kind: 'contested',
          label: 'Linked, and said to be wrong: ask the clerk',
          text: 'Somebody said that the link to your old filing account is wrong. Until the clerk of this court has looked at it nobody files with it.',
          url,
          button: 'See the link',
        }
      : {
          kind: 'linked',
          label: 'Linked',
          text: 'Your old filing account at this court is linked to your PACER account.',
          url,
          button: 'See the link',
        }
  }
  if (bar || !court.takesLinks) return undefined
  const closesAt = plan?.legacyClosesAt ?? null
  if (closesAt === null) {
    return {
      kind: 'can-link',
      label: 'You can link your old filing account',
      text: 'If you filed here before the change to NextGen, link your old filing account. It takes a minute, and once is enough.',
      url,
      button: 'Link my old filing account',
    }
  }
  const until = momentAtCourt(closesAt, court)
  if (closesAt > at) {
    return {
      kind: 'must-link-by',
      label: `Link your old filing account by ${until}`,
      text: `If you filed here before the change to NextGen, link your old filing account by ${until}. It takes a minute, and once is enough. After that the clerk has to do it.`,
      url,
      button: 'Link my old filing account',
    }
  }
  return {
    kind: 'ask-clerk',
    label: 'To link an old filing account, ask the clerk',
    text: `Linking with the old password ended on ${until}. If you filed here before the change to NextGen, ask the clerk of this court to link your old filing account.`,
    url,
    button: 'How the clerk links it',
  }
}
