import { z } from 'zod'
import { defineSection } from './section.ts'

/** A window counter: at most `points` in `seconds`. */
export type Limit = { readonly points: number; readonly seconds: number }

const limit = (fallback: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,5}$/, 'must be COUNT/SECONDS, for example 20/60')
    .default(fallback)
    .transform((value): Limit => {
      const [points, seconds] = value.split('/').map(Number)
      return { points: points!, seconds: seconds! }
    })

/** How often a stranger may try. */
export const limits = defineSection({
  settings: {
    CSO_LIMIT_SIGN_IN_PER_ADDRESS: limit('20/60').describe(
      'COUNT/SECONDS: sign-in attempts per network (an IPv4 address, an IPv6 /64)',
    ),
    CSO_LIMIT_SIGN_IN_PER_USERNAME_AND_ADDRESS: limit('50/43200').describe(
      'attempts per username and network; right ones do not count',
    ),
    CSO_LIMIT_FAILURES_PER_WIDE_NETWORK: limit('300/300').describe(
      'wrong sign-ins of an IPv4 /24 or IPv6 /48 together, per process; they count for half after ' +
        'so many seconds, so 300/300 is 300 at once and 40 a minute. Browsers that are known pass',
    ),
    CSO_LIMIT_PAGES_PER_ADDRESS: limit('300/300').describe(
      'opened sign-in and account pages per network',
    ),
    CSO_LIMIT_REGISTRATION_MAILS_PER_EMAIL: limit('5/3600').describe(
      'mails about a new account, or with the code for the address of one that is upgraded, to one mailbox, whatever the tag behind a `+`',
    ),
    CSO_LIMIT_REGISTRATION_MAILS_PER_ADDRESS: limit('20/3600').describe(
      'the same, that one network may ask for',
    ),
    CSO_LIMIT_RECOVERY_MAILS_PER_ACCOUNT: limit('5/3600').describe(
      'mails about a forgotten username or password to one account, name or mailbox, whatever the ' +
        'tag behind a `+`; and as many about another e-mail address',
    ),
    CSO_LIMIT_RECOVERY_MAILS_PER_ADDRESS: limit('20/3600').describe(
      'the same, that one network may ask for',
    ),
    CSO_LIMIT_CLIENT_FAILURES: limit('20/60').describe(
      'failed client authentications per client and network',
    ),
  },
  read: (values) => ({
    limits: {
      signInPerAddress: values.CSO_LIMIT_SIGN_IN_PER_ADDRESS,
      signInPerUsernameAndAddress: values.CSO_LIMIT_SIGN_IN_PER_USERNAME_AND_ADDRESS,
      /** Wrong tries; `seconds` is the time after which they count for half. */
      failuresPerWideNetwork: values.CSO_LIMIT_FAILURES_PER_WIDE_NETWORK,
      pagesPerAddress: values.CSO_LIMIT_PAGES_PER_ADDRESS,
      registrationMailsPerEmail: values.CSO_LIMIT_REGISTRATION_MAILS_PER_EMAIL,
      registrationMailsPerAddress: values.CSO_LIMIT_REGISTRATION_MAILS_PER_ADDRESS,
      recoveryMailsPerAccount: values.CSO_LIMIT_RECOVERY_MAILS_PER_ACCOUNT,
      recoveryMailsPerAddress: values.CSO_LIMIT_RECOVERY_MAILS_PER_ADDRESS,
      clientFailures: values.CSO_LIMIT_CLIENT_FAILURES,
    },
  }),
})
