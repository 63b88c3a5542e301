import type { KeyObject } from 'node:crypto'
import { recordEvent } from '../audit/store.ts'
import { type AccountId, type CourtId, isCourtId } from '../ids.ts'
import type { QueuedJob } from '../jobs/job.ts'
import { notMePath } from '../paths.ts'
import { type Database, inTransaction, type Transaction } from '../storage/db.ts'
import { mailRefused, mailSent } from './events.ts'
import { type LaidOutLink, layOut } from './layout.ts'
import { addressMark, mintLink, notMePurpose } from './one-use-link.ts'
import { sendMailJob } from './queue-mail.ts'
import { findUnsent, markRefused, markSent, type UnsentMail } from './store.ts'
import type { MailTransport } from './transport.ts'
import { harmless, type MailWords } from './words.ts'

/** With the pauses between the tries (`pauseSeconds`) a little more than a day. */
const tries = 31
/** In the hands of a process; other jobs have hands of their own, however slow a mail server is. */
const atOnce = 4
const notMeMinutes = 14 * 24 * 60

type Deps = {
  readonly db: Database
  readonly issuer: string
  /** The installation's key of stored identifiers. */
  readonly key: KeyObject
  readonly transport: MailTransport
  /** Every kind of message there is. */
  readonly words: readonly MailWords[]
  /** Notes at the account that a mail server refused this address of it for good. */
  markAddressRefused(tx: Transaction, accountId: AccountId, address: string): Promise<void>
  /** The same at what a court knows of its address, and was told by it, where it is about a court (`about.courtId`). */
  markRefusedAtCourt(
    tx: Transaction,
    courtId: CourtId,
    mail: { readonly id: string; readonly to: string },
  ): Promise<void>
}

/**
 * The job that sends one mail: makes its links, lays it out, hands it to the transport and notes what
 * became of it. A process that ends between the last two has it sent once more, under the same
 * Message-ID and with links of its own.
 */
export function sendMail(deps: Deps): QueuedJob {
  const kinds = new Map(deps.words.map((words) => [words.name, words]))
  if (kinds.size < deps.words.length) throw new Error('two kinds of mail have one name')
  return {
    name: sendMailJob,
    tries,
    atOnce,
    async run(payload) {
      const mail = await findUnsent(deps.db, (payload as { mailId: string }).mailId)
      if (!mail) return
      const words = kinds.get(mail.kind)
      if (!words) throw new Error(`this release has no words for a mail of the kind ${mail.kind}`)
      const { main, notMe, made } = await inTransaction(deps.db, (tx) =>
        makeParts(tx, deps, mail, words),
      )
      const at = (path: string) => `${deps.issuer}${path}`
      const text = words.compose(harmless(mail.facts), { at, made })
      const sent = await deps.transport.send({
        messageId: `<${mail.id}@${new URL(deps.issuer).hostname}>`,
        to: mail.to,
        ...layOut(text, { main, notMe }),
      })
      const { id, kind, accountId } = mail
      await inTransaction(deps.db, async (tx) => {
        if (sent.ok) {
          if (!(await markSent(tx, id)) || !accountId) return
          await recordEvent(tx, mailSent({ accountId, id, kind }))
        } else {
          if (!(await markRefused(tx, id, sent.refusal))) return
          const courtId = isCourtId(mail.about['courtId']) ? mail.about['courtId'] : undefined
          if (accountId) await deps.markAddressRefused(tx, accountId, mail.to)
          if (courtId) await deps.markRefusedAtCourt(tx, courtId, mail)
          if (accountId || courtId) {
            await recordEvent(tx, mailRefused({ accountId, courtId, id, kind }))
          }
        }
      })
    },
  }
}

/** What this try of the mail has for itself. */
async function makeParts(tx: Transaction, deps: Deps, mail: UnsentMail, words: MailWords) {
  const { accountId } = mail
  const link = async (
    purpose: string,
    lifeMinutes: number,
    path: (token: string) => string,
    about: Readonly<Record<string, string>>,
  ): Promise<LaidOutLink> => {
    const token = await mintLink(tx, deps.key, { purpose, accountId, about, lifeMinutes })
    return { url: `${deps.issuer}${path(token)}`, lifeMinutes }
  }
  const { link: main, hasNotMe } = words
  const to = addressMark(deps.key, mail.to)
  return {
    main: main && (await link(main.purpose, main.lifeMinutes, main.path, { ...mail.about, to })),
    notMe: hasNotMe
      ? await link(notMePurpose, notMeMinutes, notMePath, {
          ...mail.about,
          notice: words.name,
          to,
        })
      : undefined,
    made: (await words.make?.(tx, mail, deps.key)) ?? {},
  }
}
