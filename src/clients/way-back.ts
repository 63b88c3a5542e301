import type { WayBack } from '../http/error-page.ts'
import type { Client } from './client.ts'
import type { ClientMetadata } from './metadata.ts'

type Addresses = Partial<
  Pick<ClientMetadata, 'initiate_login_uri' | 'client_uri' | 'redirect_uris'>
>

/**
 * Where a person begins at an application: where it says that a sign-in starts, else its home page,
 * else the website that takes the answers. Always an address that is registered, never one that came
 * with a request.
 * Source: OpenID Connect Core 1.0 section 4 (`initiate_login_uri`).
 */
export function startAddress(metadata: Addresses): string | undefined {
  const [redirectUri] = metadata.redirect_uris ?? []
  return (
    metadata.initiate_login_uri ??
    metadata.client_uri ??
    (redirectUri && URL.parse(redirectUri)?.origin)
  )
}

/**
 * The way back into the application that sent a browser here, for every page that offers one. A court's
 * own application is named after its court, other software by its own name: it acts for many courts and
 * is none of them. Our own pages are nobody to go back to.
 */
export function wayBackTo(
  client: (Pick<Client, 'name' | 'kind' | 'courts'> & { metadata: Addresses }) | undefined,
): WayBack | undefined {
  if (!client || client.kind === 'portal') return undefined
  const url = startAddress(client.metadata)
  return client.kind === 'court'
    ? { name: client.courts[0]?.name ?? client.name, place: 'the court', url }
    : { name: client.name, place: client.name, url }
}

/** What gives up is called after where it leads: back to the court or to other software; or nowhere. */
export function cancelLabel(client: Parameters<typeof wayBackTo>[0]): string {
  const wayBack = wayBackTo(client)
  return wayBack ? `Cancel and go back to ${wayBack.place}` : 'Cancel'
}
