import { links, paths } from '../../paths.ts'

/** Where the holder links the old filing account at a court. */
export function linkAccountPath(courtId: string): string {
  return `${paths.accountCourts}/${courtId}/link`
}

/** Where a mail's "This link is wrong" leads. */
export function wrongLinkPath(token: string): string {
  return `${links.wrongLink}${token}`
}
