import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JWK } from 'openid-client'
import { stringify } from 'yaml'

/** Where the applications of the demonstration that people open listen, as origins. */
export type CourtUrls = {
  readonly ncwd: string
  readonly ncwb: string
  readonly ca4: string
  readonly ncmd: string
  readonly vendor: string
}

/** The day on which ncmd is to move to NextGen, in this demonstration: until then it is not live. */
const ncmdGoesLiveOn = '2099-01-05'

/** What each application proves itself with. Made on the first start, never committed. */
export type Credentials = {
  readonly ncwdKey: JWK
  readonly ncwbSecret: string
  readonly ca4Secret: string
  readonly ca4ApiSecret: string
  readonly ncmdSecret: string
  readonly vendorSecret: string
}

export const clientIds = {
  ncwd: 'ncwd-cmecf',
  ncwb: 'ncwb-cmecf',
  ca4: 'ca4-cmecf',
  'ca4-api': 'ca4-api',
  ncmd: 'ncmd-cmecf',
  vendor: 'docket-filer',
} as const

/** The credentials in the folder, made there if there are none yet; readable by the owner only. */
export function loadCredentials(directory: string): Credentials {
  const path = join(directory, 'credentials.json')
  if (!existsSync(path)) {
    writeFileSync(path, JSON.stringify(createCredentials(), undefined, 2), { mode: 0o600 })
  }
  const kept: Partial<Credentials> = JSON.parse(readFileSync(path, 'utf8'))
  // A folder of an earlier release has those of fewer applications.
  const credentials = { ...createCredentials(), ...kept }
  writeFileSync(path, JSON.stringify(credentials, undefined, 2), { mode: 0o600 })
  return credentials
}

/** A P-256 key for `private_key_jwt` with ES256, and 256-bit secrets. */
export function createCredentials(): Credentials {
  const secret = () => randomBytes(32).toString('base64url')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    ncwdKey: {
      ...privateKey.export({ format: 'jwk' }),
      kid: 'ncwd-1',
      alg: 'ES256',
      use: 'sig',
    } as JWK,
    ncwbSecret: secret(),
    ca4Secret: secret(),
    ca4ApiSecret: secret(),
    ncmdSecret: secret(),
    vendorSecret: secret(),
  }
}

/** The registration of the courts at Central Sign-On, as a file for `npm run cli -- apply`. */
export function registrationFile(urls: CourtUrls, credentials: Credentials): string {
  const { d: _private, ...publicKey } = credentials.ncwdKey
  const webApplication = (url: string) => ({
    client_uri: `${url}/`,
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/signed-out`, `${url}/`],
    initiate_login_uri: `${url}/sign-in`,
    id_token_signed_response_alg: 'ES256',
  })
  return stringify({
    courts: [{ id: 'ncmd', go_live_on: ncmdGoesLiveOn }],
    clients: [
      {
        id: clientIds.ncwd,
        kind: 'court',
        name: 'CM/ECF, Western District of North Carolina',
        courts: ['ncwd'],
        metadata: {
          ...webApplication(urls.ncwd),
          token_endpoint_auth_method: 'private_key_jwt',
          token_endpoint_auth_signing_alg: 'ES256',
          jwks: { keys: [publicKey] },
          require_pushed_authorization_requests: true,
          dpop_bound_access_tokens: true,
        },
      },
      {
        id: clientIds.ncwb,
        kind: 'court',
        name: 'Bankruptcy CM/ECF, Western District of North Carolina',
        courts: ['ncwb'],
        secrets: [credentials.ncwbSecret],
        metadata: {
          ...webApplication(urls.ncwb),
          token_endpoint_auth_method: 'client_secret_basic',
        },
      },
      {
        id: clientIds.ca4,
        kind: 'court',
        name: 'CM/ECF, Fourth Circuit',
        courts: ['ca4'],
        secrets: [credentials.ca4Secret],
        metadata: {
          ...webApplication(urls.ca4),
          token_endpoint_auth_method: 'client_secret_basic',
        },
      },
      // The filing service only asks about tokens: it signs nobody in, so it has no redirect URI.
      {
        id: clientIds['ca4-api'],
        kind: 'court',
        name: 'Fourth Circuit filing service',
        courts: ['ca4'],
        secrets: [credentials.ca4ApiSecret],
        metadata: { token_endpoint_auth_method: 'client_secret_basic' },
      },
      {
        id: clientIds.ncmd,
        kind: 'court',
        name: 'CM/ECF, Middle District of North Carolina',
        courts: ['ncmd'],
        secrets: [credentials.ncmdSecret],
        metadata: {
          ...webApplication(urls.ncmd),
          token_endpoint_auth_method: 'client_secret_basic',
        },
      },
      // Not a court's own: the person is asked first, and may take it back on the account page.
      {
        id: clientIds.vendor,
        kind: 'vendor',
        name: 'Docket Filer',
        courts: ['ncwd', 'ncwb', 'ca4'],
        secrets: [credentials.vendorSecret],
        metadata: {
          ...webApplication(urls.vendor),
          token_endpoint_auth_method: 'client_secret_basic',
          dpop_bound_access_tokens: true,
        },
      },
    ],
  })
}
