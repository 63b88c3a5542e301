import { basicHeader, type TestCourt } from '../support/court.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'

/**
 * Calls of a court's server as plain requests, where a test looks at the answer itself: status,
 * headers and time. The court proves who it is by `client_secret_basic`.
 */
export function tokenCalls(browser: HttpClient, court: TestCourt) {
  const metadata = court.rp.serverMetadata()
  const headers = { ...basicHeader(court.clientId, court.secret), accept: 'application/json' }
  const post = (url: string | undefined, form: Record<string, string>): Promise<HttpResponse> =>
    browser.post(url ?? '', form, headers)

  return {
    redeem(callback: string, verifier: string) {
      const code = new URL(callback).searchParams.get('code') ?? ''
      return post(metadata.token_endpoint, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: court.redirectUri,
        code_verifier: verifier,
      })
    },
    refresh: (token: string) =>
      post(metadata.token_endpoint, { grant_type: 'refresh_token', refresh_token: token }),
    introspect: (token: string) => post(metadata.introspection_endpoint, { token }),
    userinfo: (token: string) =>
      browser.get(metadata.userinfo_endpoint ?? '', {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
      }),
  }
}
