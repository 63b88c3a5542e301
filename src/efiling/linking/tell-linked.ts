import { canonicalEmail } from '../../accounts/email-address.ts'
import { findHolder } from '../../accounts/tell-holder.ts'
import { findCourt } from '../../courts/store.ts'
import { queueMail } from '../../mail/queue-mail.ts'
import { isMailAddress, type MailWords } from '../../mail/words.ts'
import type { Transaction } from '../../storage/db.ts'
import { findImported } from '../imported/store.ts'
import { inPieces } from '../right-mails.ts'
import type { Link, LinkReader } from './link.ts'
import {
  accountLinkedMail,
  accountUnlinkedMail,
  linkContestedMail,
  oldAccountLinkedMail,
  oldAccountUnlinkedMail,
  oldLinkContestedMail,
} from './mails.ts'

/** Tells both of a link: the holder of the account, and the address of the account of the old system. */
export async function tellLinked(tx: Transaction, link: Link): Promise<void> {
  const isByClerk = link.way === 'clerk'
  const more = { isByClerk, reason: inPieces(link.reason ?? '') }
  await tellBoth(tx, link, {
    holder: accountLinkedMail,
    old: oldAccountLinkedMail,
    more: ({ isSuspended }) => ({ ...more, isSuspended }),
  })
}

/** Tells both that somebody said the link is wrong. */
export async function tellContested(tx: Transaction, link: Link): Promise<void> {
  await tellBoth(tx, link, { holder: linkContestedMail, old: oldLinkContestedMail })
}

/** Tells both that a clerk undid the link. */
export async function tellUnlinked(tx: Transaction, link: Link, reason: string): Promise<void> {
  const more = () => ({ reason: inPieces(reason) })
  await tellBoth(tx, link, { holder: accountUnlinkedMail, old: oldAccountUnlinkedMail, more })
}

/** The second learns nothing of the first; where both are one mailbox it is told once. */
async function tellBoth(
  tx: Transaction,
  { id, accountId, courtId, importedId }: Link,
  words: {
    // Each has the facts that its own words need.
    readonly holder: MailWords<never>
    readonly old: MailWords<never>
    readonly more?: (imported: { isSuspended: boolean }) => Readonly<Record<string, unknown>>
  },
): Promise<void> {
  const court = await findCourt(tx, courtId)
  const imported = await findImported(tx, courtId, importedId)
  if (!court || !imported) throw new Error('a link lacks its court or its old account')
  const holder = await findHolder(tx, accountId)
  const atCourt = { court: court.name, login: imported.login }
  const aboutFor = (reader: LinkReader) => ({ link: id, reader })
  if (holder) {
    const { to, username, number } = holder
    const more = words.more?.({ isSuspended: imported.status === 'suspended' })
    const facts = { username, number, ...atCourt, ...more } as never
    await queueMail(tx, { words: words.holder, to, accountId, facts, about: aboutFor('holder') })
  }
  const { email } = imported
  const isSame = email !== null && holder && canonicalEmail(email) === canonicalEmail(holder.to)
  if (email !== null && !isSame && isMailAddress(email)) {
    const facts = atCourt as never
    await queueMail(tx, { words: words.old, to: email, facts, about: aboutFor('old-address') })
  }
}
