import type { HolderFacts } from '../accounts/state-mails.ts'
import type { Court } from '../courts/court.ts'
import { roleLabel } from '../courts/roles.ts'
import { dayAt, formatDay } from '../days.ts'
import type { MailWords } from '../mail/words.ts'
import { paths } from '../paths.ts'
import type { Decision, NextDecision } from './apply-decision.ts'
import { type DecisionKind, type LinkKind, reasonLabels } from './right-machine.ts'
import { actionLabel } from './standing-words.ts'

/** Of links two addresses are told, in words of their own (`linking/mails.ts`). */
type ToldKind = Exclude<DecisionKind, LinkKind>

/** What one decision said, in the words in which its holder reads it. */
type SaidFacts = {
  readonly decision: ToldKind
  readonly court: string
  /** The day at the court from which it holds; null: at once. */
  readonly from: string | null
  readonly role: string | null
  readonly actions: readonly string[]
  readonly keepsNotices: boolean
  readonly lastDay: string | null
  readonly isAdmitted: boolean
  readonly admittedUntil: string | null
  readonly reason: string | null
  /** In pieces: a fact of a mail is short. */
  readonly message: readonly string[]
}

export type RightDecidedFacts = HolderFacts & SaidFacts

/** The facts of the mail about a decision, but for whose account it is. */
export function rightDecidedFacts(
  decision: Decision & { readonly kind: ToldKind },
  next: NextDecision,
  court: Pick<Court, 'name' | 'timeZone'>,
): SaidFacts {
  return {
    decision: decision.kind,
    court: court.name,
    from: decision.holdsFrom ? momentAt(decision.holdsFrom, court.timeZone) : null,
    role: next.role && roleLabel(next.role),
    actions: next.actions.map(actionLabel),
    keepsNotices: next.keepsNotices && next.actions.includes('receive-notices'),
    lastDay: next.endsOn && formatDay(next.endsOn),
    isAdmitted: next.isAdmitted,
    admittedUntil: next.admittedUntil && formatDay(next.admittedUntil),
    reason: decision.reason && decision.reason !== 'other' ? reasonLabels[decision.reason] : null,
    message: inPieces(decision.message ?? ''),
  }
}

/** `December 1, 2026`, or with the time of day where it is not the court's midnight. */
function momentAt(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  })
  const time = format.format(at).replace(/\s?AM/, ' a.m.').replace(/\s?PM/, ' p.m.')
  const day = formatDay(dayAt(at, timeZone))
  return time.startsWith('12:00 a.m.') ? day : `${day}, ${time}`
}

/** In code points: with any script it is within what a fact may have. */
const longestPiece = 150

/** A text as facts of a mail, each of which is short. */
export function inPieces(text: string): string[] {
  const piece = new RegExp(`.{1,${longestPiece}}(?=\\s|$)|.{1,${longestPiece}}`, 'gsu')
  return (text.match(piece) ?? []).map((each) => each.trim())
}

const headlines: Readonly<Record<ToldKind, string>> = {
  grant: 'You were given rights',
  change: 'Your rights were changed',
  extend: 'The last day of your rights was changed',
  suspend: 'Your rights were suspended',
  reinstate: 'Your rights were given back',
  revoke: 'Your rights were ended',
  admit: 'You were admitted to practice',
  'end-admission': 'Your admission to practice was ended',
  'free-filer': 'Your CM/ECF account was taken away',
  withdraw: 'A decision about you was withdrawn',
  'give-up': 'You gave up your rights',
}

const meanings: Readonly<Record<ToldKind, (facts: RightDecidedFacts) => string>> = {
  grant: granted,
  change: granted,
  extend: ({ lastDay }) =>
    lastDay ? `Their last day is now ${lastDay}.` : 'They have no last day any more.',
  suspend: ({ keepsNotices }) =>
    keepsNotices
      ? 'Until the court gives them back you cannot file there. You still receive notices of electronic filing.'
      : 'Until the court gives them back you cannot file there, and you receive no notices of electronic filing.',
  reinstate: granted,
  revoke: () => 'You cannot file there any more, and you receive no notices of electronic filing.',
  admit: admission,
  'end-admission': () => 'What the court gave you for electronic filing is another decision.',
  'free-filer': () =>
    'The CM/ECF account that you had there is not yours any more. What you may do there stays as it is.',
  withdraw: () => 'What had been planned does not happen. What you have there stays as it is.',
  'give-up': () =>
    'You cannot file there any more, and you receive no notices of electronic filing. To have them again, ask the court anew.',
}

function granted(facts: RightDecidedFacts): string {
  const { role, actions, lastDay } = facts
  const may = actions.length > 0 ? `You may: ${actions.join('; ').toLowerCase()}.` : ''
  const as = role ? `Your role there is: ${role.toLowerCase()}.` : ''
  const until = lastDay ? `The last day is ${lastDay}.` : ''
  return [as, may, until, facts.isAdmitted ? admission(facts) : ''].filter(Boolean).join(' ')
}

function admission({ admittedUntil }: RightDecidedFacts): string {
  return admittedUntil
    ? `You are admitted to practice there until ${admittedUntil}.`
    : 'You are admitted to practice there.'
}

export const rightDecidedMail: MailWords<RightDecidedFacts> = {
  name: 'right-decided',
  compose: (facts, { at }) => {
    const { username, number, court, from, decision, reason, message } = facts
    const said = message.join(' ')
    const when = from ? ` This holds from ${from} on.` : ''
    const help =
      decision === 'give-up'
        ? `If you did not do this, ask the clerk of the court: ${court}.`
        : `If you have a question about it, ask the clerk of the court: ${court}.`
    return {
      subject: `${headlines[decision]}: ${court}`,
      paragraphs: [
        `This is about the account with the username ${username}, account number ${number}, at the ${court}.`,
        `${headlines[decision]}. ${meanings[decision](facts)}${when}`,
        ...(reason ? [`The reason that the court gives: ${reason}.`] : []),
        ...(said ? [`The court writes: ${said}`] : []),
        help,
      ],
      withoutLink: `To see what courts decided about you, open ${at(paths.account)} and sign in.`,
    }
  },
}
