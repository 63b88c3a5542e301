import type { MailContext, MailFacts, MailWords } from '../../mail/words.ts'
import { courtPath } from '../../paths.ts'

/** An account of the court's old system, as a message names it. */
export type AccountInMail = {
  readonly login: string
  readonly name: string
  readonly isLinked: boolean
}

/** What every message about a go-live says. */
export type GoLiveFacts = MailFacts & {
  readonly courtId: string
  readonly court: string
  /** Those of this address, as far as a message has room, and how many more there are. */
  readonly accounts: readonly AccountInMail[]
  readonly more: number
  /** `Charlotte: (704) 350-7400, Monday to Friday …`. */
  readonly offices: readonly string[]
}

/** What a message about a moment to come, or just come, says of the plan. */
export type MomentFacts = GoLiveFacts & {
  readonly liveAt: string
  readonly isLive: boolean
  /** Until when the old login and password can be linked; null: no end is set. */
  readonly linkUntil: string | null
  readonly closedFrom: string | null
  readonly closedUntil: string | null
  /** In the court's words, in pieces; empty where it says nothing. */
  readonly emergencyWay: readonly string[]
}

/** So many accounts one message names. */
export const namedAccounts = 25

const whereTrue = ({ courtId }: GoLiveFacts, { at }: MailContext) =>
  `The date can change. The date that holds, and what to do, always stand here: ${at(courtPath(courtId))}`

/** On the day, or before it, or after it: one kind of message, whose words follow the moment. */
export const goLiveNoticeMail: MailWords<MomentFacts & { readonly isTheDay: boolean }> = {
  name: 'go-live-notice',
  compose: (facts, context) => {
    const { court, liveAt, isLive, isTheDay } = facts
    const when = isTheDay && !isLive ? `today, ${liveAt}` : liveAt
    const [subject, opening] = isLive
      ? [
          `${court}: you now file with your PACER account`,
          `The ${court} has changed to NextGen CM/ECF, its new filing system, on ${liveAt}. You file there with a PACER account of your own; the court’s old login and password no longer file.`,
        ]
      : [
          `${court}: electronic filing changes on ${liveAt}`,
          `The ${court} changes to NextGen CM/ECF, its new filing system: ${when}. From then on you file there with a PACER account of your own, and the court’s old login and password no longer file.`,
        ]
    return {
      subject,
      paragraphs: [
        opening,
        whose(facts),
        ...whatToDo(facts),
        ...closed(facts),
        ...whomToAsk(facts),
      ],
      withoutLink: whereTrue(facts, context),
    }
  },
}

/** The moment that somebody was told of is another one now. */
export const goLiveMovedMail: MailWords<MomentFacts & { readonly toldOf: string }> = {
  name: 'go-live-moved',
  compose: (facts, context) => {
    const { court, liveAt, isLive, toldOf } = facts
    return {
      subject: isLive
        ? `${court}: you now file with your PACER account`
        : `${court}: the date of the change has moved`,
      paragraphs: [
        isLive
          ? `We wrote to you that the ${court} changes to NextGen CM/ECF, its new filing system, on ${toldOf}. It changed on ${liveAt}: you file there with a PACER account of your own now, and the court’s old login and password no longer file.`
          : `We wrote to you that the ${court} changes to NextGen CM/ECF, its new filing system, on ${toldOf}. That date has moved. The change is now on ${liveAt}. Until then you file with the court’s old login and password, as before.`,
        whose(facts),
        ...whatToDo(facts),
        ...closed(facts),
        ...whomToAsk(facts),
      ],
      withoutLink: whereTrue(facts, context),
    }
  },
}

/** The court went back to its old system, or does not change on the day that was told. */
export const goLiveRolledBackMail: MailWords<
  GoLiveFacts & { readonly toldOf: string; readonly wasLive: boolean }
> = {
  name: 'go-live-rolled-back',
  compose: (facts, context) => {
    const { court, toldOf, wasLive } = facts
    return {
      subject: wasLive
        ? `${court}: back to the old filing system for now`
        : `${court}: the change of ${toldOf} does not take place`,
      paragraphs: [
        wasLive
          ? `The ${court} changed to NextGen CM/ECF, its new filing system, on ${toldOf}, and has gone back to its old system for now. Until the change takes place again you file there with the court’s old login and password.`
          : `We wrote to you that the ${court} changes to NextGen CM/ECF, its new filing system, on ${toldOf}. It does not change on that date, and there is no new date yet. You file with the court’s old login and password, as before.`,
        whose(facts),
        ...(wasLive
          ? [
              'Whoever has linked an old account to a PACER account need not do so again: the link is kept, and holds again when the court changes.',
            ]
          : []),
        'We write again when there is a new date. Keep the old login and password: you need them then.',
        ...whomToAsk(facts),
      ],
      withoutLink: whereTrue(facts, context),
    }
  },
}

export const goLiveMails = [
  goLiveNoticeMail,
  goLiveMovedMail,
  goLiveRolledBackMail,
] as readonly MailWords[]

function whose({ accounts, more }: GoLiveFacts): string {
  const named = accounts.map(
    ({ login, name, isLinked }) => `${login} (${name}${isLinked ? ', linked already' : ''})`,
  )
  const all = [...named, ...(more > 0 ? [`and ${more} more`] : [])]
  const intro =
    all.length === 1
      ? 'This message is about an account of the court’s old system with your e-mail address'
      : 'This message is about all accounts of the court’s old system with your e-mail address'
  return `${intro}: ${all.join('; ')}.`
}

function whatToDo(facts: MomentFacts): string[] {
  const { accounts, more, isLive, linkUntil } = facts
  if (more === 0 && accounts.every(({ isLinked }) => isLinked)) {
    return [
      'You have linked already, and have nothing to do: sign in at the court with your PACER account.',
    ]
  }
  const until = linkUntil ? ` This is possible until ${linkUntil}.` : ''
  const linking = `sign in at the court with your PACER account and link the old account to it. You type the old login and password once for that; it takes a minute.${until}`
  const account =
    'a PACER account of your own. It has to be an individual account, and an upgraded one: one that several people share cannot file.'
  const password =
    'The old login and password: your browser may have kept them, so that you never type them.'
  return isLive
    ? [
        `What you need, first: ${account}`,
        `Second: ${linking}`,
        `${password} If you do not know them any more, ask the clerk of the court.`,
      ]
    : [
        `What to prepare, first: ${account} See to that now, for it can take some days.`,
        `Second. ${password} Look them up before the change, and keep them; if you do not know them, set a new password in the old system.`,
        `Once the court has changed, ${linking}`,
      ]
}

function closed({ closedFrom, closedUntil, emergencyWay }: MomentFacts): string[] {
  if (!closedFrom || !closedUntil) return []
  const words = emergencyWay.join(' ')
  return [
    `Nobody can file electronically at this court from ${closedFrom} until ${closedUntil}.${
      words ? ` In an emergency: ${words}` : ''
    }`,
  ]
}

function whomToAsk({ offices }: GoLiveFacts): string[] {
  return offices.length > 0
    ? [`Questions about filing at this court? Ask its clerk. ${offices.join('; ')}.`]
    : ['Questions about filing at this court? Ask its clerk.']
}
