import type { MailFacts, MailWords } from '../../mail/words.ts'
import { paths } from '../../paths.ts'
import { wrongLinkPath } from './linking-paths.ts'

/** What the links are for that say of a link between accounts that it is wrong. */
export const wrongLinkPurpose = 'wrong-link'
/** Somebody may be away for a while; after that the clerk of the court is asked. */
const wrongLinkDays = 30

type AtCourt = MailFacts & {
  readonly court: string
  /** The name to sign in with in the court's old system. */
  readonly login: string
}
type OfHolder = AtCourt & { readonly username: string; readonly number: string }

const link = {
  purpose: wrongLinkPurpose,
  lifeMinutes: wrongLinkDays * 24 * 60,
  path: wrongLinkPath,
}
const button = 'This link is wrong'
const about = ({ username, number, court, login }: OfHolder) =>
  `This is about the PACER account with the username ${username}, account number ${number}, and the filing account ${login} at the ${court}.`
const aboutOld = ({ court, login }: AtCourt) =>
  `This address belongs to the filing account ${login} in the old system of the ${court}.`
const press =
  'If it is wrong, open the page below and press its button. Then nobody can file with this link until the clerk of the court has looked at it.'
const askClerk = (court: string) => `ask the clerk of the court: ${court}.`

/** To the holder of the PACER account. */
export const accountLinkedMail: MailWords<
  OfHolder & {
    readonly isByClerk: boolean
    readonly isSuspended: boolean
    /** Of the clerk, in pieces: a fact of a mail is short. */
    readonly reason: readonly string[]
  }
> = {
  name: 'account-linked',
  link,
  compose: (facts, { at }) => {
    const { court, isByClerk, isSuspended, reason } = facts
    return {
      subject: `Your filing account was linked: ${court}`,
      paragraphs: [
        about(facts),
        isByClerk
          ? 'The clerk of the court has linked the two.'
          : 'The two were linked by somebody who is signed in to the PACER account and knows the old password.',
        isSuspended
          ? `The old system says that the filing account is suspended, and so it is here: you cannot file until the court gives the right back. To ask why, ${askClerk(court)}`
          : 'From now on you sign in there with your PACER account. The old username and password do not work for filing any more.',
        ...(reason.length > 0 ? [`The reason that the court gives: ${reason.join(' ')}`] : []),
        press,
      ],
      button,
      withoutLink: `Without the link: ${askClerk(court)} What you have at courts stands at ${at(paths.accountCourts)}.`,
    }
  },
}

/** To the address of the account in the old system, where that is another one: whose account it is now is not said. */
export const oldAccountLinkedMail: MailWords<AtCourt> = {
  name: 'old-account-linked',
  link,
  compose: (facts) => ({
    subject: `A filing account was linked: ${facts.court}`,
    paragraphs: [
      aboutOld(facts),
      'That account has been linked to a PACER account. From now on it is used with the PACER account; the old username and password do not work for filing any more.',
      'If you have linked it, or somebody for whom you read mail, there is nothing to do.',
      press,
    ],
    button,
    withoutLink: `Without the link: ${askClerk(facts.court)}`,
  }),
}

/** To the holder: somebody said that the link is wrong. */
export const linkContestedMail: MailWords<OfHolder> = {
  name: 'link-contested',
  compose: (facts, { at }) => ({
    subject: `Filing is stopped: a link is said to be wrong, ${facts.court}`,
    paragraphs: [
      about(facts),
      'Somebody who was told of this link has said that it is wrong. Until the clerk of the court has looked at it nobody can file with it, and no notices of electronic filing are sent for it.',
      'What was filed stays filed.',
    ],
    withoutLink: `If the link is right, and you have to file, ${askClerk(facts.court)} The telephone numbers stand at ${at(paths.accountCourts)}.`,
  }),
}

/** To the address of the account in the old system. */
export const oldLinkContestedMail: MailWords<AtCourt> = {
  name: 'old-link-contested',
  compose: (facts) => ({
    subject: `Filing is stopped: a link is said to be wrong, ${facts.court}`,
    paragraphs: [
      aboutOld(facts),
      'Somebody who was told that it was linked to a PACER account has said that this is wrong. Until the clerk of the court has looked at it nobody can file with that link.',
    ],
    withoutLink: `To say more about it, ${askClerk(facts.court)}`,
  }),
}

/** To the holder: a clerk undid the link. */
export const accountUnlinkedMail: MailWords<OfHolder & { readonly reason: readonly string[] }> = {
  name: 'account-unlinked',
  compose: (facts, { at }) => ({
    subject: `A link was undone: ${facts.court}`,
    paragraphs: [
      about(facts),
      'The clerk of the court has undone the link between the two. With this PACER account you cannot file there any more, unless the court gives you the right.',
      `The reason that the court gives: ${facts.reason.join(' ')}`,
    ],
    withoutLink: `If you have a question about it, ${askClerk(facts.court)} What you have at courts stands at ${at(paths.accountCourts)}.`,
  }),
}

/** To the address of the account in the old system. */
export const oldAccountUnlinkedMail: MailWords<AtCourt> = {
  name: 'old-account-unlinked',
  compose: (facts) => ({
    subject: `A link was undone: ${facts.court}`,
    paragraphs: [
      aboutOld(facts),
      'The clerk of the court has undone the link between that account and a PACER account.',
    ],
    withoutLink: `To link it, ${askClerk(facts.court)} They need the account number of your PACER account.`,
  }),
}

/** To the address of an account in the old system: once a day, however many try. */
export const triedTooOftenMail: MailWords<AtCourt> = {
  name: 'linking-tried-too-often',
  compose: (facts) => ({
    subject: `Somebody tries to link a filing account: ${facts.court}`,
    paragraphs: [
      aboutOld(facts),
      'Today somebody typed a wrong password for it ten times or more, to link it to a PACER account. Nothing was linked, and for the rest of the day such tries are refused.',
      'That account is not locked. If it is yours and you want to link it, the clerk of the court can do that at any time.',
    ],
    withoutLink: `If you have a question about it, ${askClerk(facts.court)}`,
  }),
}

export const linkMails = [
  accountLinkedMail,
  oldAccountLinkedMail,
  linkContestedMail,
  oldLinkContestedMail,
  accountUnlinkedMail,
  oldAccountUnlinkedMail,
  triedTooOftenMail,
] as readonly MailWords[]
