import { paths } from './paths.ts'

/**
 * Whether a form with a file is sent there (`src/portal/courts/asking-paths.ts`,
 * `src/console/imported/imported-paths.ts`).
 */
export function isUploadPath(path: string): boolean {
  return (
    (path.startsWith(`${paths.accountCourts}/`) &&
      /\/(?:request|requests\/\d+)\/documents$/.test(path)) ||
    (path.startsWith(`${paths.staff}${paths.courts}/`) && path.endsWith('/accounts/import'))
  )
}
