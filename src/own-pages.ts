import { canonicalEmail, plainEmail } from './accounts/email-address.ts'
import { recoveredAddressRoutes } from './accounts/recovery/address-routes.ts'
import { createRecoveryBrowsers } from './accounts/recovery/browser.ts'
import { numberTries } from './accounts/recovery/confirm-recovered-address.ts'
import { recoveryLinkRoutes } from './accounts/recovery/link-routes.ts'
import { recoveryRoutes } from './accounts/recovery/routes.ts'
import { createRegistrationBrowsers } from './accounts/registration/browser.ts'
import { formsPerRegistration } from './accounts/registration/registration.ts'
import { registrationRoutes } from './accounts/registration/routes.ts'
import { rulesOfUseRoutes } from './accounts/rules-of-use/routes.ts'
import { portalClientId } from './clients/client.ts'
import { wayBackTo } from './clients/way-back.ts'
import type { Config } from './config/config.ts'
import type { Limit } from './config/limits.ts'
import { changeRoutes } from './console/changes/changes-routes.ts'
import { createConsoleGate } from './console/console-gate.ts'
import { homeRoutes } from './console/court/home-routes.ts'
import { officeRoutes } from './console/court/office-routes.ts'
import { practiceRoutes } from './console/court/practice-routes.ts'
import { questionRoutes } from './console/court/question-routes.ts'
import { createCourtGate } from './console/court-gate.ts'
import { goLiveRoutes } from './console/go-live/go-live-routes.ts'
import { importRoutes } from './console/imported/import-routes.ts'
import { importedRoutes } from './console/imported/imported-routes.ts'
import { joinAccountRoutes } from './console/links/account-routes.ts'
import { correctLinkRoutes } from './console/links/correct-routes.ts'
import { linkRoutes } from './console/links/link-routes.ts'
import { findingLimit } from './console/people/find-person.ts'
import { peopleRoutes } from './console/people/list-routes.ts'
import { personAtCourtRoutes } from './console/people/person-routes.ts'
import { readinessRoutes } from './console/readiness/readiness-routes.ts'
import { requestActRoutes } from './console/requests/act-routes.ts'
import { requestDocumentRoutes } from './console/requests/document-routes.ts'
import { linkRequestRoutes } from './console/requests/link-routes.ts'
import { queueRoutes } from './console/requests/queue-routes.ts'
import { courtRequestRoutes } from './console/requests/request-routes.ts'
import { courtStaffRoutes } from './console/roles/court-staff-routes.ts'
import { heldRoleRoutes } from './console/roles/held-routes.ts'
import { roleProposalRoutes } from './console/roles/proposal-routes.ts'
import { proposeRoutes } from './console/roles/propose-routes.ts'
import { rolesRoutes } from './console/roles/roles-routes.ts'
import { consoleRoutes } from './console/routes.ts'
import { accountRoutes } from './console/support/account-routes.ts'
import { actRoutes } from './console/support/act-routes.ts'
import { addressRoutes } from './console/support/address-routes.ts'
import { birthDateRoutes } from './console/support/birth-date-routes.ts'
import { findRoutes } from './console/support/find-routes.ts'
import { birthDateTries } from './console/support/take-birth-date.ts'
import { createConsoleVisits } from './console/visits.ts'
import { clerkLists } from './courts/clerk-lists.ts'
import { courtRoutes } from './courts/routes.ts'
import { linkTries } from './efiling/linking/prove-old-login.ts'
import { listOpenCourts } from './efiling/open-courts.ts'
import { createOutboundPost } from './http/outbound.ts'
import { createOwnSessionGate } from './http/own-session.ts'
import { keyedHash } from './ids.ts'
import { mailboxRoutes } from './mail/routes.ts'
import type { Engine } from './oidc/server.ts'
import { askRoutes } from './portal/courts/ask-routes.ts'
import { checkRoutes } from './portal/courts/check-routes.ts'
import { accountCourtRoutes } from './portal/courts/court-routes.ts'
import { documentRoutes } from './portal/courts/document-routes.ts'
import { furtherDocumentRoutes } from './portal/courts/further-routes.ts'
import { ownRequestRoutes } from './portal/courts/request-routes.ts'
import { courtFormsPerAccount, formsPerAccount } from './portal/form-limit.ts'
import { linkingRoutes } from './portal/linking/link-routes.ts'
import { wrongLinkRoutes } from './portal/linking/wrong-link-routes.ts'
import { courtChangeRoutes } from './portal/maintenance/court-changes-routes.ts'
import { personRoutes } from './portal/maintenance/person-routes.ts'
import { createPortalGate, type PortalGate } from './portal/portal-gate.ts'
import { ownRightRoutes } from './portal/rights/right-routes.ts'
import { portalRoutes } from './portal/routes.ts'
import { activityRoutes } from './portal/settings/activity-routes.ts'
import { applicationsRoutes } from './portal/settings/applications-routes.ts'
import { closeRoutes } from './portal/settings/close-routes.ts'
import { emailRoutes } from './portal/settings/email-routes.ts'
import { exportLimit, exportRoutes } from './portal/settings/export-routes.ts'
import { passwordRoutes } from './portal/settings/password-routes.ts'
import { sessionsRoutes } from './portal/settings/sessions-routes.ts'
import { usernameRoutes } from './portal/settings/username-routes.ts'
import { usageRoutes } from './portal/usage/usage-routes.ts'
import type { Services } from './services.ts'
import type { ConfirmDeps } from './signin/confirm-password.ts'
import { ownSignOutRoutes } from './signin/own-sign-out-routes.ts'
import { forgetFailuresBefore, forgetFailuresOf } from './signin/unlock-account.ts'
import { siteRoutes } from './site/routes.ts'
import { createWindowCounter } from './storage/window-counter.ts'

/**
 * Our own pages, the sign-in aside: a folder with routes of its own is wired here.
 * @param confirming what every path that takes a password shares with the sign-in.
 */
export function ownPages(
  config: Config,
  services: Services,
  { findSession, vendorGrants, storedId }: Engine,
  confirming: ConfirmDeps,
) {
  const { issuer, securityContacts } = config
  const { db, directory, keys, mailbox, passwordPolicy } = services
  const csrfKey = keys.secrets.csrf
  const gate = createOwnSessionGate({ issuer, csrfKey, clientId: portalClientId, findSession })
  const portal = createPortalGate({ db, csrfKey, gate })
  const recovery = recoveryDeps(config, services)
  const counter = countersOf(services)
  const perAccount = counter('account-forms', formsPerAccount)
  const visits = createConsoleVisits({ db, csrfKey })
  const console = createConsoleGate({ db, gate, visits })
  const courtGate = createCourtGate({ db, gate, visits, findSession })
  const findings = counter('court-person-finding', findingLimit)
  const finding = { db, courtGate, key: keys.secrets.identifiers, findings }
  return [
    courtRoutes({ db }),
    rulesOfUseRoutes(),
    siteRoutes({ issuer, securityContacts }),
    recoveryRoutes(recovery),
    recoveryLinkRoutes({
      ...recovery,
      listClerks: async (accountId) => clerkLists(db, await listOpenCourts(db, accountId)),
    }),
    recoveredAddressRoutes(recovery),
    registrationRoutes(registrationDeps(config, services)),
    ownSignOutRoutes({ issuer, csrfKey, findSession }),
    ...(mailbox ? [mailboxRoutes({ mailbox })] : []),
    portalRoutes({ db, gate, portal }),
    passwordRoutes({ ...confirming, portal, passwordPolicy, storedId }),
    usernameRoutes({ ...confirming, portal, formsPerAccount: perAccount }),
    personRoutes({ db, portal, formsPerAccount: perAccount }),
    courtChangeRoutes({ db, portal, formsPerAccount: perAccount }),
    sessionsRoutes({ db, portal, directory, storedId }),
    activityRoutes({ db, portal, directory }),
    applicationsRoutes({ portal, directory, vendorGrants }),
    emailRoutes({
      db,
      portal,
      key: recovery.key,
      ...emailChangeLimits(config, services),
    }),
    exportRoutes({
      db,
      portal,
      directory,
      vendorGrants,
      sealing: keys.secrets.sealing,
      exportsPerAccount: counter('account-export', exportLimit),
    }),
    closeRoutes({ db, portal, vendorGrants, key: keys.secrets.identifiers }),
    usageRoutes({ db, portal, directory }),
    ...courtPages(services, portal),
    ownRightRoutes({ db, portal, formsPerAccount: perAccount }),
    linkingRoutes({ ...linkingDeps(config, services), portal }),
    wrongLinkRoutes({ db, issuer, csrfKey, key: keys.secrets.identifiers }),
    consoleRoutes({ db, console }),
    rolesRoutes({ db, console }),
    proposeRoutes({ db, console }),
    roleProposalRoutes({ db, console }),
    heldRoleRoutes({ db, console }),
    findRoutes({ db, console }),
    actRoutes({ db, console, key: keys.secrets.identifiers }),
    addressRoutes({ db, console }),
    birthDateRoutes({
      db,
      console,
      sealing: keys.secrets.sealing,
      birthDateTries: counter('support-birth-date', birthDateTries),
    }),
    accountRoutes({ db, console, directory, key: keys.secrets.identifiers }),
    homeRoutes({ db, courtGate }),
    peopleRoutes(finding),
    personAtCourtRoutes({ db, courtGate, key: keys.secrets.identifiers }),
    practiceRoutes({ db, courtGate }),
    goLiveRoutes({ db, courtGate }),
    questionRoutes({ db, courtGate }),
    officeRoutes({ db, courtGate }),
    queueRoutes({ db, courtGate }),
    courtRequestRoutes({ db, courtGate }),
    requestDocumentRoutes({ db, courtGate, sealing: services.keys.secrets.sealing }),
    requestActRoutes({ db, courtGate }),
    linkRequestRoutes({ db, courtGate }),
    linkRoutes({ db, courtGate }),
    joinAccountRoutes(finding),
    correctLinkRoutes(finding),
    courtStaffRoutes({ db, courtGate, findings }),
    changeRoutes({ db, courtGate }),
    readinessRoutes({ db, courtGate }),
    importRoutes({ db, courtGate, passwords: services.passwords }),
    importedRoutes({ db, courtGate }),
  ].map((router) => router.routes())
}

/** The courts as the holder of an account meets them: what is there, and what is asked for. */
function courtPages(services: Services, portal: PortalGate) {
  const { db, keys } = services
  const asking = {
    db,
    portal,
    formsPerAccount: countersOf(services)('court-forms', courtFormsPerAccount),
  }
  return [
    accountCourtRoutes({ db, portal }),
    askRoutes(asking),
    documentRoutes({ ...asking, sealing: keys.secrets.sealing }),
    furtherDocumentRoutes({ ...asking, sealing: keys.secrets.sealing }),
    checkRoutes(asking),
    ownRequestRoutes(asking),
  ]
}

/** What an old login is shown with, on a page of ours and in the middle of a sign-in, within the same limits. */
export function linkingDeps({ issuer, outbound }: Config, services: Services) {
  const { db, keys, passwords } = services
  const counter = countersOf(services)
  return {
    db,
    passwords,
    key: keys.secrets.identifiers,
    triesOfAccount: counter('link-tries-account', linkTries.ofAccount),
    triesAtTarget: counter('link-tries-target', linkTries.atTarget),
    triesWhileSilent: counter('link-tries-silent', linkTries.whileSilent),
    asking: { issuer, signing: keys.signing, post: createOutboundPost(outbound) },
  }
}

/** Counters of windows, each by its name. */
function countersOf({ db, redis }: Services) {
  return (name: string, limit: Limit) => createWindowCounter(name, limit, { db, redis })
}

/** What asks for a code by mail, in a registration or in the middle of a sign-in, within the same limits. */
export function registrationMailing({ limits }: Config, services: Services) {
  const { db, keys } = services
  const key = keys.secrets.identifiers
  const counter = countersOf(services)
  return {
    db,
    key,
    mailsPerEmail: counter('registration-email', limits.registrationMailsPerEmail),
    mailsPerNetwork: counter('registration-network', limits.registrationMailsPerAddress),
    hashOf: (email: string) => keyedHash(key, `registration mails ${email}`),
  }
}

function registrationDeps(config: Config, services: Services) {
  const { issuer } = config
  const { directory, keys, passwords, passwordPolicy } = services
  const { identifiers: key, csrf: csrfKey, sealing } = keys.secrets
  return {
    ...registrationMailing(config, services),
    issuer,
    csrfKey,
    sealing,
    passwords,
    forgetFailuresBefore: forgetFailuresBefore(key),
    policy: passwordPolicy,
    browsers: createRegistrationBrowsers({ key, isHttps: issuer.startsWith('https:') }),
    formsPerRegistration: countersOf(services)('registration-form', formsPerRegistration),
    findWayBack: async (clientId: string) => wayBackTo(await directory.find(clientId)),
  }
}

/** Counters of their own: what strangers ask at `/recover` keeps no holder from another address. */
function emailChangeLimits({ limits }: Config, services: Services) {
  const counter = countersOf(services)
  return {
    mailsPerName: counter('email-change', limits.recoveryMailsPerAccount),
    mailsPerNetwork: counter('email-change-network', limits.recoveryMailsPerAddress),
    hashOf: (email: string) =>
      keyedHash(
        services.keys.secrets.identifiers,
        `new address ${plainEmail(canonicalEmail(email))}`,
      ),
  }
}

function recoveryDeps({ issuer, limits }: Config, services: Services) {
  const { db, directory, keys, passwords, passwordPolicy: policy } = services
  const { identifiers: key, csrf: csrfKey } = keys.secrets
  const counter = countersOf(services)
  return {
    db,
    issuer,
    key,
    csrfKey,
    passwords,
    policy,
    browsers: createRecoveryBrowsers(issuer.startsWith('https:')),
    perName: counter('recovery-name', limits.recoveryMailsPerAccount),
    perNetwork: counter('recovery-network', limits.recoveryMailsPerAddress),
    numberTries: counter('recovered-address', numberTries),
    forgetFailures: forgetFailuresOf(key),
    findWayBack: async (clientId: string) => wayBackTo(await directory.find(clientId)),
  }
}
