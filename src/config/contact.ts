import { helpLine } from '../help-line.ts'
import { paths } from '../paths.ts'
import { textList } from './kinds.ts'
import { defineSection } from './section.ts'

export const contact = defineSection({
  settings: {
    CSO_SECURITY_CONTACT: textList
      .refine(
        (values) => values.every((value) => /^(?:mailto:\S+@|https:\/\/|tel:\+\d)\S+$/.test(value)),
        'must be addresses that begin with mailto:, https: or tel:+',
      )
      // The desk that everybody who has an account can reach.
      .transform((values) => (values.length > 0 ? values : [helpLine.write]))
      .meta({
        description:
          `whom to tell of a weakness, in \`${paths.securityText}\`: addresses with \`mailto:\`, ` +
          '`https:` or `tel:`, the preferred one first. Set your own',
        default: helpLine.write,
      }),
  },
  read: (values) => ({
    /** Whom to tell of a weakness (RFC 9116 section 2.5.3), the preferred address first. */
    securityContacts: values.CSO_SECURITY_CONTACT,
  }),
})
