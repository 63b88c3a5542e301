import { codeProblemOf, tooManyWords } from '../../src/accounts/address-code.ts'
import { tooManyUsernames } from '../../src/accounts/username-tries.ts'
import {
  upgradeAddressPage,
  upgradeCodePage,
  upgradeEmailPage,
  upgradePersonPage,
  upgradeSecurityPage,
} from '../../src/signin/upgrade-pages.ts'

type State = (nonce: string) => string

const form = { action: '/taken', cancelAction: '/cancelled', csrf: 'csrf-token', parts: 4 }
const fresh = { ...form, typed: {}, problems: [] }
const email = 'lee.gacy.of.the.new.firm@a-rather-long-domain-name.example.com'

/** The forms of an upgrade. */
export const upgradeStates = (hostile: string): Record<string, State> => ({
  'upgrade-email': (nonce) => upgradeEmailPage({ nonce, ...fresh, part: 1, typed: { email } }),
  'upgrade-email-wrong': (nonce) =>
    upgradeEmailPage({
      nonce,
      ...form,
      part: 1,
      typed: { email: hostile },
      problems: [
        {
          path: ['email'],
          message: 'Check your e-mail address: write it like name@example.com',
        },
      ],
    }),
  'upgrade-email-too-many': (nonce) =>
    upgradeEmailPage({
      nonce,
      ...form,
      part: 1,
      typed: { email },
      heading: 'No more messages for the moment',
      help: 'If you cannot wait, call the PACER Service Center',
      problems: [{ path: [], message: Object.values(tooManyWords.address).join(' ') }],
    }),
  'upgrade-code': (nonce) => upgradeCodePage({ nonce, ...fresh, part: 1, email }),
  'upgrade-code-sent-again': (nonce) =>
    upgradeCodePage({ nonce, ...fresh, part: 1, email, isSentAgain: true }),
  'upgrade-code-wrong': (nonce) =>
    upgradeCodePage({
      nonce,
      ...form,
      part: 1,
      email: hostile,
      typed: { code: '123 456' },
      ...codeProblemOf({ reason: 'wrong', triesLeft: 1 }),
    }),
  'upgrade-person': (nonce) =>
    upgradePersonPage({
      nonce,
      ...fresh,
      part: 2,
      typed: { givenName: 'Lee', familyName: 'Gacy' },
      asksBirthDate: true,
    }),
  'upgrade-person-wrong': (nonce) =>
    upgradePersonPage({
      nonce,
      ...form,
      part: 2,
      typed: {
        givenName: hostile,
        familyName: '',
        birthMonth: '2',
        birthDay: '30',
        birthYear: '1958',
      },
      problems: [
        { path: ['familyName'], message: 'Enter your last name' },
        { path: ['birthDay'], message: 'Check your date of birth: there is no such day' },
      ],
      asksBirthDate: true,
    }),
  'upgrade-address': (nonce) =>
    upgradeAddressPage({ nonce, ...fresh, part: 3, typed: { country: 'US' } }),
  'upgrade-security': (nonce) =>
    upgradeSecurityPage({ nonce, ...fresh, part: 4, oldUsername: 'le1234' }),
  'upgrade-security-wrong': (nonce) =>
    upgradeSecurityPage({
      nonce,
      ...form,
      part: 4,
      typed: { username: hostile },
      problems: [
        { path: ['username'], message: 'Choose another username: this one is taken' },
        { path: ['password'], message: 'Choose a password' },
      ],
      oldUsername: 'le1234',
    }),
  'upgrade-security-too-many': (nonce) =>
    upgradeSecurityPage({
      nonce,
      ...form,
      part: 4,
      typed: { username: 'lee-gacy-esq' },
      problems: [tooManyUsernames(3000)],
      oldUsername: 'le1234',
    }),
})
