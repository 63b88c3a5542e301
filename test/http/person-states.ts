import { paths } from '../../src/paths.ts'
import type { PortalContent } from '../../src/portal/frame.ts'
import { legacyUsernameContent, usernameContent } from '../../src/portal/settings/username-page.ts'

type State = (nonce: string) => string

const form = { action: '/taken', csrf: 'csrf-token' }
const tooOften = {
  heading: 'The form was sent too often',
  text: 'Nothing was changed, and what you typed is kept. Wait 40 minutes, then send it again.',
  help: 'If you need help with it, call the PACER Service Center',
}
const wrong = (message: string) => ({
  heading: 'Your username was not changed',
  problems: [{ path: ['username'], message }],
})

/** The username, in the frame of the account. */
export const personStates = (
  inFrame: (nonce: string, path: string, content: PortalContent) => string,
  hostile: string,
): Record<string, State> => {
  const state =
    (path: string, content: PortalContent): State =>
    (nonce) =>
      inFrame(nonce, path, content)
  const username = (more: object = {}) =>
    usernameContent({
      ...form,
      username: 'jdoe-carolina',
      confirmedEmail: 'jane.quincy.doe@example.com',
      ...more,
    })
  return {
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
        problem: wrong('Choose another username: this one is taken'),
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
        problem: wrong(hostile),
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
