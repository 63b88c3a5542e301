/** A browser and its network, coarse and in words, for its person alone. */
export type Device = { readonly browser: string; readonly network: string }

/**
 * What the authorization server keeps of one of its models: JSON, without the identifier that it is
 * stored under. It has more members than these, which are the ones that are read in this slice.
 */
export type Payload = {
  /** Of a session: from where it was used last at the authorization server. */
  device?: Device | undefined
  accountId?: string | undefined
  clientId?: string | undefined
  grantId?: string | undefined
  sessionUid?: string | undefined
  /** Of a session: when its person signed in, in epoch seconds. */
  loginTs?: number | undefined
  /** The same of a token; of an access token it is in `extra`. */
  authTime?: number | undefined
  extra?: { [member: string]: unknown } | undefined
  /** Of a session: the clients that were signed in to, with the grant of each. */
  authorizations?: { [clientId: string]: { grantId?: string | undefined } } | undefined
  /** When it was used, in epoch seconds; of what may be used once. */
  consumed?: unknown
}
