import { z } from 'zod'
import { paths } from '../paths.ts'
import { defineSection } from './section.ts'

const address = String.raw`[^\s@<>()[\]\\,;:"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*`
const sender = new RegExp(
  `^(?:([^<>()[\\]\\\\,;:"@\\p{Cc}]{1,64}?) <(${address})>|(${address}))$`,
  'u',
)

/** Which mail server takes our messages. */
export const mail = defineSection({
  settings: {
    CSO_MAIL_URL: z
      .url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL', abort: true })
      .refine((value) => {
        const { hostname, pathname, search, hash } = new URL(value)
        return hostname !== '' && /^\/?$/.test(pathname) && search === '' && hash === ''
      }, 'must name a host and nothing behind it')
      .optional()
      .describe(
        'the mail server, see [Mail](#mail); required where the issuer is `https`. Absent: mails are ' +
          `kept in memory and shown at \`${paths.mailbox}\``,
      ),
    CSO_MAIL_FROM: z
      .string()
      .regex(sender, 'must be an address, or a name and <address>')
      .transform((value) => {
        const [, name, named, bare] = sender.exec(value)!
        return { name: name ?? '', address: (named ?? bare)! }
      })
      .optional()
      .describe(
        'who our mails are from: an address, or a name and `<address>`; beside the one before',
      ),
  },
  wrong: ({ CSO_MAIL_URL: url, CSO_MAIL_FROM: from }, { isProduction, isHttps }) => ({
    CSO_MAIL_URL: (isProduction || isHttps) && !url && 'is required where the issuer is https',
    CSO_MAIL_FROM: Boolean(url) && !from && 'is required beside CSO_MAIL_URL',
  }),
  read: ({ CSO_MAIL_URL: url, CSO_MAIL_FROM: from }) => ({
    /** Absent: development keeps its mails in memory. */
    mail: url !== undefined && from !== undefined ? { url, from } : undefined,
  }),
})
