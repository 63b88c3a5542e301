import * as client from 'openid-client'

/** How a court's application is registered at Central Sign-On. */
export type Registration = {
  /** The issuer identifier; everything else is found through its discovery document. */
  readonly issuer: string
  readonly clientId: string
  readonly redirectUri: string
  readonly authentication: client.ClientAuth
  /** RFC 9126: the request goes from server to server; the browser carries only a reference to it. */
  readonly pushesRequests: boolean
  /** RFC 9449: tokens are bound to a key of this process and are of no use to who steals them. */
  readonly bindsTokens: boolean
  /** Sent with every authorization request, for example `{ max_age: '300' }`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** What the court remembers between sending a browser away and seeing it again. */
export type Attempt = {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly dpop: client.DPoPHandle | undefined
}

/** What a finished sign-in leaves in the court's own session; none of it reaches the browser. */
export type SignIn = {
  readonly idToken: string
  readonly idTokenClaims: client.IDToken
  readonly accessToken: string
  readonly dpop: client.DPoPHandle | undefined
}

export type RelyingParty = {
  /** Where to send the browser, and what to remember meanwhile. */
  start(): Promise<{ url: URL; attempt: Attempt }>
  /** Checks the answer and exchanges its code. @throws the errors of `openid-client`. */
  finish(callbackUrl: URL, attempt: Attempt): Promise<SignIn>
  /** Who it is and what they may do, as of now. @throws when the sign-in has ended meanwhile. */
  userInfo(signIn: SignIn): Promise<client.UserInfoResponse>
  /** Calls an API of the court with the person's access token. */
  fetch(signIn: SignIn, url: URL, body: object): Promise<Response>
  /** Where to send the browser to end the session at Central Sign-On too. */
  signOutUrl(signIn: SignIn, returnTo: string): Promise<URL>
}

const scope = 'openid profile email pacer efiling'
const timeoutSeconds = 5

export function createRelyingParty(registration: Registration): RelyingParty {
  const { issuer, clientId, redirectUri, parameters } = registration
  let discovered: Promise<client.Configuration> | undefined

  /** Read once; after a failure the next person's click tries again. */
  function configuration(): Promise<client.Configuration> {
    discovered ??= discover().catch((error: unknown) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  function discover(): Promise<client.Configuration> {
    return client.discovery(
      new URL(issuer),
      clientId,
      { id_token_signed_response_alg: 'ES256' },
      registration.authentication,
      {
        timeout: timeoutSeconds,
        // The signature is checked although the ID token comes straight from the token endpoint: on
        // loopback there is no TLS that would vouch for it.
        execute: [
          client.enableNonRepudiationChecks,
          ...(isLoopbackHttp(issuer) ? [client.allowInsecureRequests] : []),
        ],
      },
    )
  }

  return {
    async start() {
      const config = await configuration()
      const attempt: Attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
        dpop: registration.bindsTokens
          ? client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
          : undefined,
      }
      const request = {
        ...parameters,
        redirect_uri: redirectUri,
        scope,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
      }
      const url = registration.pushesRequests
        ? await client.buildAuthorizationUrlWithPAR(config, request, withProof(attempt))
        : client.buildAuthorizationUrl(config, request)
      return { url, attempt }
    },

    // `state`, `iss`, the code challenge, and the ID token's signature, issuer, audience, nonce and
    // times are checked in here by openid-client.
    async finish(callbackUrl, attempt) {
      const config = await configuration()
      const tokens = await client.authorizationCodeGrant(
        config,
        callbackUrl,
        {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.codeVerifier,
          idTokenExpected: true,
          ...(parameters?.['max_age'] && { maxAge: Number(parameters['max_age']) }),
        },
        undefined,
        withProof(attempt),
      )
      return {
        idToken: tokens.id_token!,
        idTokenClaims: tokens.claims()!,
        accessToken: tokens.access_token,
        dpop: attempt.dpop,
      }
    },

    async userInfo(signIn) {
      const config = await configuration()
      const subject = signIn.idTokenClaims.sub
      return client.fetchUserInfo(config, signIn.accessToken, subject, withProof(signIn))
    },

    async fetch(signIn, url, body) {
      return client.fetchProtectedResource(
        await configuration(),
        signIn.accessToken,
        url,
        'POST',
        JSON.stringify(body),
        new Headers({ 'content-type': 'application/json' }),
        withProof(signIn),
      )
    },

    async signOutUrl(signIn, returnTo) {
      return client.buildEndSessionUrl(await configuration(), {
        id_token_hint: signIn.idToken,
        post_logout_redirect_uri: returnTo,
      })
    },
  }
}

function withProof({ dpop }: { dpop: client.DPoPHandle | undefined }): client.DPoPOptions {
  return dpop ? { DPoP: dpop } : {}
}

/** Whether plain http is tolerable: nothing leaves this machine. */
export function isLoopbackHttp(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
