import { listWaitingProposals } from '../../accounts/address-proposal-store.ts'
import { paths } from '../../paths.ts'
import type { WaitingSource } from '../waiting.ts'
import { listOpenAlerts } from './alert-store.ts'

/** What former addresses told, and addresses that somebody else proposed. */
export const supportWaiting: WaitingSource = {
  roles: ['support'],
  async list(db, { accountId }) {
    const [alerts, proposals] = await Promise.all([listOpenAlerts(db), listWaitingProposals(db)])
    const others = proposals.filter(({ proposedBy }) => proposedBy !== accountId)
    return [
      {
        id: 'alerts',
        count: alerts.length,
        sentence:
          alerts.length === 1
            ? '1 former e-mail address asks you to look'
            : `${alerts.length} former e-mail addresses ask you to look`,
        path: `${paths.support}#alerts-heading`,
      },
      {
        id: 'addresses',
        count: others.length,
        sentence:
          others.length === 1
            ? '1 other e-mail address waits for a second person'
            : `${others.length} other e-mail addresses wait for a second person`,
        path: `${paths.support}#waiting-heading`,
      },
    ]
  },
}
