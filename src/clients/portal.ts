import { bySystem } from '../audit/by.ts'
import { paths } from '../paths.ts'
import { problemText } from '../problem.ts'
import { type Database, inTransaction } from '../storage/db.ts'
import { portalClientId } from './client.ts'
import { type ClientInput, planClient, type RegistrationRules } from './plan-client.ts'
import { readClientRow } from './store.ts'
import { writeClient } from './write-client.ts'

/**
 * Registers our own pages as a first-party client: they ask for a session and for no token
 * (`response_type=none`), so there is one session system and not two. Writes nothing when it is
 * registered already.
 */
export async function ensurePortal(
  db: Database,
  issuer: string,
  rules: RegistrationRules,
): Promise<void> {
  const registration: ClientInput = {
    id: portalClientId,
    kind: 'portal',
    name: 'Central Sign-On',
    state: 'active',
    courtIds: [],
    secrets: undefined,
    metadata: {
      redirect_uris: [`${issuer}${paths.account}`],
      post_logout_redirect_uris: [`${issuer}${paths.signedOut}`],
      initiate_login_uri: `${issuer}${paths.account}`,
      // And there is no secret: whoever names this client where programs call proves nothing.
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid',
    },
  }
  const planned = await inTransaction(db, async (tx) => {
    const plan = await planClient(await readClientRow(tx, portalClientId), registration, rules)
    if (plan.ok) await writeClient(tx, plan.value, bySystem())
    return plan
  })
  if (planned.ok) return
  const problems = planned.problems.map(problemText)
  throw new Error(`the portal cannot be registered: ${problems.join('; ')}`)
}
