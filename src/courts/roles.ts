/** What somebody is in the cases of a court, and files as. */
export const roles = [
  'attorney',
  'pro-hac-vice',
  'federal-attorney',
  'mdl-attorney',
  'pro-se',
  'trustee',
  'us-trustee',
  'filing-agent',
  'limited-filer',
  'interested-party',
  'court-reporter',
  'media',
  'auditor',
] as const
export type Role = (typeof roles)[number]

const attorneyRoles: readonly Role[] = [
  'attorney',
  'pro-hac-vice',
  'federal-attorney',
  'mdl-attorney',
]

/** What somebody who is no attorney may file as; not every court takes each. */
export const nonAttorneyRoles: readonly Role[] = roles.filter(
  (role) => !attorneyRoles.includes(role),
)

/** The role as the courts write it. */
export function roleLabel(role: Role): string {
  const special: Partial<Record<Role, string>> = {
    'mdl-attorney': 'MDL attorney',
    'us-trustee': 'U.S. Trustee',
  }
  const words = role.replaceAll('-', ' ')
  return special[role] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
