import type { EmailLinkRefusal } from '../../accounts/confirm-email-change.ts'

/** What is said of a link that confirms no address. */
export const deadEmailLinks: Readonly<
  Record<EmailLinkRefusal, { readonly heading: string; readonly text: string }>
> = {
  used: {
    heading: 'This link has been used',
    text: 'A link works once, and only the newest one of several counts. Which address counts now stands on the page “E-mail address”.',
  },
  expired: {
    heading: 'This link is too old',
    text: 'It worked for an hour after we sent the message. Your address has not been changed. Enter the new one once more on the page “E-mail address”.',
  },
  withdrawn: {
    heading: 'This change of address was withdrawn',
    text: 'Your address has not been changed by it. If you want the change after all, enter the new address once more on the page “E-mail address”.',
  },
  'other-account': {
    heading: 'This link belongs to another account',
    text: 'You are signed in to another account than the one that it was sent for. Sign out, then open the link again and sign in to that one.',
  },
  unknown: {
    heading: 'This link does not work',
    text: 'It is not complete, or too old. Open it from the message itself, or copy the whole address.',
  },
}
