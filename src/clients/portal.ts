import { problemText } from '../problem.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { portalClientId } from './client.ts'
import { type SaveClientRules, saveClient } from './save-client.ts'

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
      'system',
    ),
  )
  if (result.ok) return
  const problems = result.problems.map(problemText)
  throw new Error(`the portal cannot be registered: ${problems.join('; ')}`)
}
