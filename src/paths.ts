/**
 * Every path of ours, once: routes, links, redirects, limits and registrations take it from here.
 * Small letters, no slash at the end (decision 0024). With a parameter they are functions, also of `:name`.
 */
export const paths = {
  home: '/',
  account: '/account',
  accountUpgrade: '/account/upgrade',
  accountSignOut: '/account/sign-out',
  /** Opening it goes on with the session; the other one asks for the password, whoever is signed in. */
  accountStay: '/account/stay-signed-in',
  accountSignInAgain: '/account/sign-in-again',
  accountSettings: '/account/settings',
  changeUsername: '/account/settings/username',
  changePassword: '/account/settings/password',
  accountSessions: '/account/settings/sessions',
  accountSessionEnd: '/account/settings/sessions/end',
  accountSessionsEndOthers: '/account/settings/sessions/end-others',
  accountActivity: '/account/settings/activity',
  accountApplications: '/account/settings/applications',
  accountExport: '/account/settings/export',
  accountClose: '/account/settings/close',
  /** When nobody is signed in any more. */
  accountClosed: '/account/closed',
  vendorWithdrawal: '/account/settings/applications/withdraw',
  accountMaintenance: '/account/maintenance',
  accountPerson: '/account/maintenance/person',
  accountAddress: '/account/maintenance/address',
  accountCourts: '/account/courts',
  accountCourtChanges: '/account/maintenance/courts',
  accountUsage: '/account/usage',
  accountSearchAgain: '/account/usage/search-again',
  /** The steps of a registration; between the second and the third a link is pressed or a code typed. */
  register: '/register',
  registerCheck: '/register/check',
  registerAgain: '/register/check/again',
  registerForm: '/register/form',
  registerDone: '/register/done',
  accountEmail: '/account/settings/email',
  accountEmailWithdrawal: '/account/settings/email/withdraw',
  /** The way back into an account. */
  recover: '/recover',
  recoverUsername: '/recover/username',
  recoverUsernameSent: '/recover/username/sent',
  recoverPassword: '/recover/password',
  recoverPasswordSent: '/recover/password/sent',
  /** For whoever works for a court or for the judiciary. */
  staff: '/staff',
  support: '/staff/support',
  /** Who has which role: given by two registrars, seen by auditors. */
  staffRoles: '/staff/roles',
  /** Asked by tabs that wait at a sign-in page. */
  signedIn: '/signed-in',
  signedOut: '/signed-out',
  courts: '/courts',
  /** In development alone: the mails that no mail server got. */
  mailbox: '/mailbox',
  privacy: '/privacy',
  accessibility: '/accessibility',
  /** What every holder of an account accepts. */
  rulesOfUse: '/rules-of-use',
  robots: '/robots.txt',
  favicon: '/favicon.ico',
  securityText: '/.well-known/security.txt',
  /** Where password managers ask for the page to change a password. */
  whereToChangePassword: '/.well-known/change-password',
  /** The process answers. */
  health: '/healthz',
  /** The process can serve. */
  readiness: '/readyz',
} as const

/** The engine's endpoints, by the engine's own names: all under `/oidc/`, the issuer is the bare origin. */
export const enginePaths = {
  authorization: '/oidc/auth',
  token: '/oidc/token',
  userinfo: '/oidc/userinfo',
  jwks: '/oidc/jwks',
  introspection: '/oidc/introspect',
  revocation: '/oidc/revoke',
  pushed_authorization_request: '/oidc/par',
  end_session: '/oidc/session/end',
} as const

/** What a library reads first: public, the same for everybody, and the engine's to write. */
export const documentPaths: readonly string[] = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  enginePaths.jwks,
]

/** Where a load balancer and a monitor ask. */
export const probePaths: readonly string[] = [paths.health, paths.readiness]

/** Endpoints that take POST alone. */
export const postOnlyPaths: readonly string[] = [
  enginePaths.token,
  enginePaths.introspection,
  enginePaths.revocation,
  enginePaths.pushed_authorization_request,
]

/** What only programs call. */
export const programPaths: readonly string[] = [
  ...postOnlyPaths,
  enginePaths.userinfo,
  ...documentPaths,
  ...probePaths,
]

/** Signing out: the question, which discovery names, and the two answers to it. */
export const signOutPaths = {
  question: enginePaths.end_session,
  leave: `${enginePaths.end_session}/answer`,
  stay: `${enginePaths.end_session}/stay`,
} as const

const signIn = '/sign-in/'
const assets = '/assets/'
const resume = `${enginePaths.authorization}/`
/** Of a mail's link, as `randomToken` makes it. */
const token = /^[A-Za-z0-9_-]{43}$/

/** Of the links in mails: a token follows. */
export const links = {
  notMe: `${paths.account}/not-me/`,
  registrationConfirm: `${paths.register}/confirm/`,
  oldAddress: `${paths.account}/old-address/`,
  email: `${paths.account}/email/`,
  wrongLink: `${paths.account}/wrong-link/`,
  resetPassword: '/recover/password/',
  recoveredAddress: '/recover/address/',
}

/** Behind these an identifier or the name of a file follows, in which every letter counts. */
export const caseSensitiveBehind: readonly string[] = [
  signIn,
  assets,
  resume,
  ...Object.values(links),
]

/** What a link begins with that has this path; undefined for another path. */
export function linkStart(path: string): string | undefined {
  if (path === paths.recoverPasswordSent) return undefined
  return Object.values(links).find((start) => path.startsWith(start))
}

/** The token in the path of a mail's link: exactly one as it was made, and nothing is decoded; or ''. */
export function tokenInLink(path: string): string {
  const rest = path.slice(linkStart(path)?.length ?? path.length)
  return token.test(rest) ? rest : ''
}

export function isEnginePath(path: string): boolean {
  return path.startsWith('/oidc/')
}

export function isAssetPath(path: string): boolean {
  return path.startsWith(assets)
}

/** The pages of one's own account. */
export function isAccountPath(path: string): boolean {
  return path === paths.account || path.startsWith(`${paths.account}/`)
}

/** The pages for staff. */
export function isStaffPath(path: string): boolean {
  return path === paths.staff || path.startsWith(`${paths.staff}/`)
}

export function isSignInPath(path: string): boolean {
  return path.startsWith(signIn)
}

/** Where somebody is on the way out. */
export function isSignOutPath(path: string): boolean {
  const known = [enginePaths.end_session, paths.accountSignOut, paths.signedOut]
  return known.some((start) => path.startsWith(start))
}

/** A file of one shelf in one version. */
export function assetPath(shelf: string, version: string, file: string): string {
  return `${assets}${shelf}-${version}/${file}`
}

export function courtPath(courtId: string): string {
  return `${paths.courts}/${courtId}`
}

/**
 * The page of an interaction. It names the client, where that is known, so that a page that comes too
 * late knows the way back.
 */
export function signInPath(uid: string, clientId?: unknown): string {
  return `${signIn}${uid}${clientQuery(clientId)}`
}

export function signInCancelPath(uid: string): string {
  return `${signIn}${uid}/cancel`
}

/** Where the engine takes an interaction to its end. */
export function resumePath(uid: string, clientId?: unknown): string {
  return `${resume}${uid}${clientQuery(clientId)}`
}

/** The identifier of an interaction in the path of its end; undefined for another path. */
export function resumedUid(path: string): string | undefined {
  return path.startsWith(resume) ? path.slice(resume.length) : undefined
}

/** The identifier of an interaction in the path of its page; undefined for another path. */
export function signInIdentifier(path: string): string | undefined {
  return isSignInPath(path) ? path.slice(signIn.length).split('/')[0] || undefined : undefined
}

/** What the link of a mail opens that asks for an account. */
export function registrationConfirmPath(token: string): string {
  return `${links.registrationConfirm}${token}`
}

export function isRegisterPath(path: string): boolean {
  return path === paths.register || path.startsWith(`${paths.register}/`)
}

/** Where an account is created; it names the application whose sign-in page leads there. */
export function registerPath(clientId: string): string {
  return `${paths.register}${clientQuery(clientId)}`
}

/** Where a mail's "This was not me" leads. */
export function notMePath(token: string): string {
  return `${links.notMe}${token}`
}

/** Where the holder of a former address tells support. */
export function oldAddressPath(token: string): string {
  return `${links.oldAddress}${token}`
}

/** Where a new e-mail address is confirmed. */
export function confirmEmailPath(token: string): string {
  return `${links.email}${token}`
}

/** Where a new password is chosen. */
export function resetPasswordPath(token: string): string {
  return `${links.resetPassword}${token}`
}

/** Where an address that support approved becomes the account's. */
export function recoveredAddressPath(token: string): string {
  return `${links.recoveredAddress}${token}`
}

/** The way back into an account, for who comes from the sign-in page of an application. */
export function recoverPath(clientId?: unknown): string {
  return `${paths.recover}${clientQuery(clientId)}`
}

/** Whether somebody is on the way back into an account. */
export function isRecoverPath(path: string): boolean {
  return path === paths.recover || path.startsWith(`${paths.recover}/`)
}

function clientQuery(clientId: unknown): string {
  return typeof clientId === 'string' ? `?client=${encodeURIComponent(clientId)}` : ''
}
