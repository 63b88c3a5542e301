import { paths } from '../../paths.ts'
import { countProposalsFor } from '../../staff/role-proposal-store.ts'
import type { WaitingSource } from '../waiting.ts'

/** Roles that another registrar proposed. */
export const rolesWaiting: WaitingSource = {
  roles: ['registrar'],
  async list(db, { accountId }) {
    const count = await countProposalsFor(db, accountId)
    return [
      {
        id: 'roles',
        count,
        sentence:
          count === 1
            ? '1 role waits for a second registrar'
            : `${count} roles wait for a second registrar`,
        path: `${paths.staffRoles}#waiting-heading`,
      },
    ]
  },
}
