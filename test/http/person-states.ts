import type { TimeOnPage } from '../../src/http/session-warning.ts'
import { paths } from '../../src/paths.ts'
import { stayContent } from '../../src/portal/account-page.ts'
import type { PortalContent } from '../../src/portal/frame.ts'
import {
  addressContent,
  officeContent,
  personContent,
} from '../../src/portal/maintenance/person-page.ts'
import { legacyUsernameContent, usernameContent } from '../../src/portal/settings/username-page.ts'

type State = (nonce: string) => string

const form = { action: '/taken', csrf: 'csrf-token' }
const typed = {
  givenName: 'Jane Quincy',
  familyName: 'Doe',
  phone: '(704) 350-7400',
  barState1: 'NC',
  barNumber1: '12345',
  country: 'US',
  addressLine1: '401 West Trade Street',
  addressLine2: 'Suite 1301',
  city: 'Charlotte',
  state: 'NC',
  postalCode: '28202',
}
const facts = { ...form, typed, isTold: true, hasBirthDate: true }
const heading = 'Nothing was saved'
const tooOften = {
  heading: 'The form was sent too often',
  text: 'Nothing was changed, and what you typed is kept. Wait 40 minutes, then send it again.',
  help: 'If you need help with it, call the PACER Service Center',
}
const wrong = (fields: readonly string[], message: string) => ({
  heading,
  problems: fields.map((field) => ({ path: [field], message })),
})

/** What an account says of its person, and its username, in the frame of the account. */
export const personStates = (
  inFrame: (nonce: string, path: string, content: PortalContent, time?: TimeOnPage) => string,
  hostile: string,
): Record<string, State> => {
  const state =
    (path: string, content: PortalContent, time?: TimeOnPage): State =>
    (nonce) =>
      inFrame(nonce, path, content, time)
  const person = (more: object = {}) => personContent({ ...facts, ...more })
  const address = (more: object = {}) => addressContent({ ...facts, ...more })
  const username = (more: object = {}) =>
    usernameContent({
      ...form,
      username: 'jdoe-carolina',
      confirmedEmail: 'jane.quincy.doe@example.com',
      ...more,
    })
  const hostilely = Object.fromEntries(Object.keys(typed).map((field) => [field, hostile]))
  const inHours = (hours: number) => new Date(Date.now() + hours * 3600_000)
  return {
    'account-person': state(paths.accountPerson, person()),
    'account-person-empty': state(
      paths.accountPerson,
      person({ typed: {}, isTold: false, hasBirthDate: false }),
    ),
    'account-person-saved': state(paths.accountPerson, person({ savedAt: new Date() })),
    'account-person-same': state(paths.accountPerson, person({ isSame: true, isOneMoreBar: true })),
    'account-person-wrong': state(
      paths.accountPerson,
      person({
        problem: wrong(
          ['givenName', 'familyName', 'phone', 'barState1', 'barNumber1'],
          'Choose the state of this bar number',
        ),
      }),
    ),
    'account-person-often': state(paths.accountPerson, person({ problem: tooOften })),
    'account-person-hostile': state(
      paths.accountPerson,
      person({ typed: hostilely, problem: wrong(['phone'], hostile) }),
    ),
    // The session ends soon: where it can go on, and where it cannot.
    'account-person-idle': (nonce) =>
      inFrame(nonce, paths.accountPerson, person(), { idleMinutes: 1, endsAt: inHours(1) }),
    'account-person-ended': (nonce) =>
      inFrame(nonce, paths.accountPerson, person(), { idleMinutes: 30, endsAt: inHours(1 / 1800) }),
    'account-person-office': state(paths.accountPerson, officeContent()),
    'account-stay': state(paths.accountStay, stayContent()),
    'account-address': state(paths.accountAddress, address()),
    'account-address-empty': state(
      paths.accountAddress,
      address({ typed: { country: 'US' }, isTold: false }),
    ),
    'account-address-saved': state(paths.accountAddress, address({ savedAt: new Date() })),
    'account-address-wrong': state(
      paths.accountAddress,
      address({
        typed: hostilely,
        problem: wrong(['country', 'addressLine1', 'city', 'state', 'postalCode'], hostile),
      }),
    ),
    'account-username': state(paths.changeUsername, username()),
    'account-username-not-told': state(
      paths.changeUsername,
      username({ confirmedEmail: undefined }),
    ),
    'account-username-changed': state(
      paths.changeUsername,
      username({ changedAt: new Date(), username: 'a-name-of-64-characters.'.padEnd(64, 'w') }),
    ),
    'account-username-taken': state(
      paths.changeUsername,
      username({
        typed: 'jdoe-attorney',
        problem: wrong(['username'], 'Choose another username: this one is taken'),
      }),
    ),
    'account-username-often': state(
      paths.changeUsername,
      username({ typed: 'jdoe-attorney', problem: tooOften }),
    ),
    'account-username-hostile': state(
      paths.changeUsername,
      username({
        username: hostile,
        confirmedEmail: hostile,
        typed: hostile,
        problem: wrong(['username'], hostile),
      }),
    ),
    'account-username-legacy': state(
      paths.changeUsername,
      legacyUsernameContent({ username: 'le1234', canUpgrade: true }),
    ),
    'account-username-legacy-shared': state(
      paths.changeUsername,
      legacyUsernameContent({ username: hostile, canUpgrade: false }),
    ),
  }
}
