import { textList } from './kinds.ts'
import { defineSection } from './section.ts'

/** The desk that everybody who has an account can reach. */
const serviceCenter = 'mailto:pacer@psc.uscourts.gov'

export const contact = defineSection({
  settings: {
    CSO_SECURITY_CONTACT: textList
      .refine(
        (values) => values.every((value) => /^(?:mailto:\S+@|https:\/\/|tel:\+\d)\S+$/.test(value)),
        'must be addresses that begin with mailto:, https: or tel:+',
      )
      .transform((values) => (values.length > 0 ? values : [serviceCenter]))
      .meta({
        description:
          'whom to tell of a weakness, in `/.well-known/security.txt`: addresses with `mailto:`, ' +
          '`https:` or `tel:`, the preferred one first. Set your own',
        default: serviceCenter,
      }),
  },
  read: (values) => ({
    /** Whom to tell of a weakness (RFC 9116 section 2.5.3), the preferred address first. */
    securityContacts: values.CSO_SECURITY_CONTACT,
  }),
})
