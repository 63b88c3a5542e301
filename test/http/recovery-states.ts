import { passwordProblemWords } from '../../src/accounts/password-policy.ts'
import {
  deadNotMeLinks,
  deadOldAddressLinks,
  deadResetLinks,
} from '../../src/accounts/recovery/dead-links.ts'
import {
  askPage,
  deadLinkPage,
  notMeDonePage,
  notMePage,
  oldAddressDonePage,
  oldAddressPage,
  recoveredAddressDonePage,
  recoveredAddressPage,
  recoverPage,
  resetDonePage,
  resetPage,
  sentPage,
} from '../../src/accounts/recovery/pages.ts'
import { confirmEmailPath, paths } from '../../src/paths.ts'
import type { PortalContent } from '../../src/portal/frame.ts'
import { deadEmailLinks } from '../../src/portal/settings/dead-email-links.ts'
import {
  confirmEmailContent,
  deadEmailLinkContent,
  emailContent,
} from '../../src/portal/settings/email-page.ts'
import { clerksOfTwo } from './clerks.ts'

type State = (nonce: string) => string

const form = { action: '/taken', csrf: 'csrf-token' }
const wayBack = {
  name: 'U.S. District Court for the Western District of North Carolina',
  place: 'the court',
  url: 'https://ecf.ncwd.uscourts.gov/',
}
const waits = {
  toEmail: 'jane.quincy.doe.of.the.new.firm@a-rather-long-domain-name.example.com',
  createdAt: new Date('2026-11-27T15:00:00Z'),
  expiresAt: new Date('2026-11-28T17:00:00Z'),
}

/** The pages of `/recover`, and of the links in mails. @param hostile what somebody typed. */
export const recoveryStates = (hostile: string): Record<string, State> => ({
  recover: (nonce) => recoverPage({ nonce, usernameAddress: '/u', passwordAddress: '/p', wayBack }),
  'recover-alone': (nonce) => recoverPage({ nonce, usernameAddress: '/u', passwordAddress: '/p' }),
  'recover-username': (nonce) => askPage({ nonce, ...form, kind: 'usernames' }),
  'recover-username-wrong': (nonce) =>
    askPage({
      nonce,
      ...form,
      kind: 'usernames',
      typed: hostile,
      problem: { heading: 'Something is missing', field: 'Enter your e-mail address' },
    }),
  'recover-password': (nonce) => askPage({ nonce, ...form, kind: 'password', client: 'ncwd' }),
  'recover-password-limited': (nonce) =>
    askPage({
      nonce,
      ...form,
      kind: 'password',
      typed: hostile,
      problem: {
        heading: 'You asked for this several times',
        text: 'No further message was sent. Check your e-mail, and its spam or junk folder: the newest message counts. Wait 40 minutes, then try again.',
        help: 'If no message comes, call the PACER Service Center',
      },
    }),
  'recover-username-sent': (nonce) => sentPage({ nonce, kind: 'usernames', again: '/u' }),
  'recover-password-sent': (nonce) => sentPage({ nonce, kind: 'password', again: '/p', wayBack }),
  'recovered-address': (nonce) => recoveredAddressPage({ nonce, ...form }),
  'recovered-address-wrong': (nonce) =>
    recoveredAddressPage({
      nonce,
      ...form,
      typed: hostile,
      problem: {
        heading: 'This is not the number of the account',
        field: 'Check the account number: it has seven digits',
        help: 'To hear the number again, call the PACER Service Center',
      },
    }),
  'recovered-address-done': (nonce) =>
    recoveredAddressDonePage({ nonce, username: hostile, resetPath: '/recover/password/token' }),
  reset: (nonce) => resetPage({ nonce, ...form, username: 'jdoe-carolina' }),
  'reset-weak': (nonce) =>
    resetPage({
      nonce,
      ...form,
      username: hostile,
      problem: {
        heading: 'Choose another password',
        text: 'Your password was not changed.',
        field: passwordProblemWords['of-own-words'],
      },
    }),
  'reset-done': (nonce) => resetDonePage({ nonce, username: 'jdoe-carolina', wayBack }),
  'reset-done-alone': (nonce) => resetDonePage({ nonce, username: hostile }),
  'not-me': (nonce) => notMePage({ nonce, ...form, username: hostile, clerks: clerksOfTwo }),
  'not-me-done': (nonce) => notMeDonePage({ nonce, clerks: clerksOfTwo }),
  'old-address': (nonce) => oldAddressPage({ nonce, ...form }),
  'old-address-done': (nonce) => oldAddressDonePage({ nonce }),
  ...Object.fromEntries(
    [deadResetLinks, deadNotMeLinks, deadOldAddressLinks].flatMap((links, index) =>
      Object.entries(links).map(([why, link]): [string, State] => [
        `dead-link-${['reset', 'not-me', 'old-address'][index]}-${why}`,
        (nonce) => deadLinkPage({ nonce, ...link }),
      ]),
    ),
  ),
})

/** The pages of a change of the address, in the frame of the account. */
export const emailStates = (
  inFrame: (nonce: string, path: string, content: PortalContent) => string,
  hostile: string,
): Record<string, State> => {
  const page = {
    ...form,
    email: 'jane.quincy.doe@example.com',
    isConfirmed: true,
    isRefused: false,
    withdraw: form,
  }
  const state =
    (content: PortalContent): State =>
    (nonce) =>
      inFrame(nonce, paths.accountEmail, content)
  return {
    'account-email': state(emailContent(page)),
    'account-email-asked': state(emailContent({ ...page, open: waits, done: 'asked' })),
    'account-email-withdrawn': state(emailContent({ ...page, done: 'withdrawn' })),
    'account-email-changed': state(emailContent({ ...page, done: 'changed' })),
    'account-email-none': state(emailContent({ ...page, email: null, isConfirmed: false })),
    'account-email-refused': state(
      emailContent({ ...page, isConfirmed: false, isRefused: true, open: waits }),
    ),
    'account-email-wrong': state(
      emailContent({
        ...page,
        email: hostile,
        open: { ...waits, toEmail: hostile },
        typed: hostile,
        problem: {
          heading: 'The address cannot be used',
          help: 'Call the PACER Service Center',
          problems: [{ path: ['email'], message: 'Enter your e-mail address' }],
        },
      }),
    ),
    ...Object.fromEntries(
      Object.entries(deadEmailLinks).map(([why, link]) => [
        `account-email-link-${why}`,
        state(deadEmailLinkContent(link)),
      ]),
    ),
    'account-email-confirm': (nonce) =>
      inFrame(
        nonce,
        confirmEmailPath('token'),
        confirmEmailContent({ ...form, toEmail: waits.toEmail, fromEmail: page.email }),
      ),
    'account-email-confirm-hostile': (nonce) =>
      inFrame(
        nonce,
        confirmEmailPath('token'),
        confirmEmailContent({ ...form, toEmail: hostile, fromEmail: hostile }),
      ),
  }
}
