import type { SweepRule } from '../jobs/sweep.ts'
import { lifetimes } from './lifetimes.ts'

const isExpired = 'expires_at < $1::timestamptz'

export const sessionSweeps: readonly SweepRule[] = [
  {
    table: 'sessions',
    key: 'id',
    // A refresh token lives on after its session, and asks whether that was ended.
    isOver: `expires_at < $1::timestamptz - interval '${lifetimes.refreshAbsolute} seconds'`,
  },
  { table: 'grants', key: 'id', isOver: isExpired },
  { table: 'refresh_tokens', key: 'id', isOver: isExpired },
  { table: 'short_lived', key: 'model, id', isOver: isExpired },
]
