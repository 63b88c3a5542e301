import { rulesOfUseRoutes } from './accounts/rules-of-use/routes.ts'
import { portalClientId } from './clients/client.ts'
import type { Config } from './config/config.ts'
import { courtRoutes } from './courts/routes.ts'
import { createOwnSessionGate } from './http/own-session.ts'
import { mailboxRoutes } from './mail/routes.ts'
import type { Engine } from './oidc/server.ts'
import { createPortalGate } from './portal/portal-gate.ts'
import { portalRoutes } from './portal/routes.ts'
import { applicationsRoutes } from './portal/settings/applications-routes.ts'
import { passwordRoutes } from './portal/settings/password-routes.ts'
import { usageRoutes } from './portal/usage/usage-routes.ts'
import type { Services } from './services.ts'
import type { ConfirmDeps } from './signin/confirm-password.ts'
import { ownSignOutRoutes } from './signin/own-sign-out-routes.ts'
import { siteRoutes } from './site/routes.ts'

/**
 * Our own pages, the sign-in aside: a folder with routes of its own is wired here.
 * @param confirming what every path that takes a password shares with the sign-in.
 */
export function ownPages(
  { issuer, securityContacts }: Config,
  { db, directory, keys, mailbox, passwordPolicy }: Services,
  { findSession, vendorGrants, storedId }: Engine,
  confirming: ConfirmDeps,
) {
  const csrfKey = keys.secrets.csrf
  const gate = createOwnSessionGate({ issuer, csrfKey, clientId: portalClientId, findSession })
  const portal = createPortalGate({ db, csrfKey, gate })
  return [
    courtRoutes({ db }),
    rulesOfUseRoutes(),
    siteRoutes({ issuer, securityContacts }),
    ownSignOutRoutes({ issuer, csrfKey, findSession }),
    ...(mailbox ? [mailboxRoutes({ mailbox })] : []),
    portalRoutes({ db, gate, portal }),
    passwordRoutes({ ...confirming, portal, passwordPolicy, storedId }),
    applicationsRoutes({ portal, directory, vendorGrants }),
    usageRoutes({ db, portal, directory }),
  ].map((router) => router.routes())
}
