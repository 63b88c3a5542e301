import { flag } from './kinds.ts'
import { defineSection } from './section.ts'

/** What the OpenID Foundation's suite asks for and no court gets. */
export const conformance = defineSection({
  settings: {
    CSO_CONFORMANCE: flag.describe(
      '`on`: clients may be registered with `client_secret_post`, and those without PKCE need no ' +
        '`nonce`, for the [conformance suite](#the-openid-conformance-suite) ᴾ',
    ),
  },
  wrong: ({ CSO_CONFORMANCE: isOn }, { isProduction }) => ({
    CSO_CONFORMANCE: isProduction && isOn === true && 'is refused in production',
  }),
  read: (values) => ({ isConformance: values.CSO_CONFORMANCE }),
})
