import type { AdapterPayload } from 'oidc-provider'

/** The payload without the identifier it is stored under: a dump of the store is no bag of them. */
export function withoutId({ jti: _, ...rest }: AdapterPayload): AdapterPayload {
  return rest
}

export function withId(
  id: string,
  payload: AdapterPayload | undefined,
): AdapterPayload | undefined {
  return payload && { ...payload, jti: id }
}
