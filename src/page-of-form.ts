import {
  isRecoverPath,
  isRegisterPath,
  isStaffPath,
  linkStart,
  paths,
  signInIdentifier,
  signInPath,
} from './paths.ts'

/** Pages under `/account` with forms; a form is sent to the path of its page, or to one below it. */
const accountPages: readonly string[] = [
  paths.account,
  paths.changeUsername,
  paths.changePassword,
  paths.accountSessions,
  paths.accountApplications,
  paths.accountEmail,
  paths.accountUsage,
  paths.accountExport,
  paths.accountClose,
  paths.accountPerson,
  paths.accountAddress,
]

/** The page that a form belongs to, to be opened again; undefined where there is none. */
export function pageOfForm(path: string): string | undefined {
  if (isRecoverPath(path) || linkStart(path)) return path
  // A form for staff is sent to the path of its page.
  if (isStaffPath(path)) return path
  if (path.startsWith(`${paths.accountCourts}/`)) {
    return path.replace(/\/(?:answer|discard|remove)$|(?<=\/requests\/\d+)\/documents$/, '')
  }
  const page = accountPages.findLast((each) => path === each || path.startsWith(`${each}/`))
  if (page) return page
  if (isRegisterPath(path)) return path === paths.registerAgain ? paths.registerCheck : path
  const uid = signInIdentifier(path)
  return uid ? signInPath(uid) : undefined
}
