import type { ClientId } from '../ids.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { type SaveClientRules, saveClient } from './save-client.ts'

export const portalClientId = 'portal' as ClientId

/**
 * Registers our own pages as a first-party client: they ask for a session and for no token
 * (`response_type=none`), so there is one session system and not two. Writes nothing when it is
 * registered already.
 */
export async function ensurePortal(
  db: Database,
  issuer: string,
  rules: SaveClientRules,
): Promise<void> {
  const result = await inTransaction(db, (tx) =>
    saveClient(
      tx,
      {
        id: portalClientId,
        kind: 'portal',
        name: 'Central Sign-On',
        isActive: true,
        courtIds: [],
        secrets: undefined,
        metadata: {
          redirect_uris: [`${issuer}/account`],
          post_logout_redirect_uris: [`${issuer}/signed-out`],
          initiate_login_uri: `${issuer}/account`,
          // And there is no secret: whoever names this client where programs call proves nothing.
          token_endpoint_auth_method: 'client_secret_basic',
          scope: 'openid',
        },
      },
      rules,
    ),
  )
  if (!result.ok) throw new Error(`the portal cannot be registered: ${result.problems.join('; ')}`)
}
