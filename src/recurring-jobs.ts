import { accountChangeSweep } from './accounts/account-changes.ts'
import { addressProposalSweep } from './accounts/address-proposal-store.ts'
import { emailChangeSweep } from './accounts/email-change-store.ts'
import { knownBrowserSweep } from './accounts/known-browsers.ts'
import { recoverySweep } from './accounts/recovery/recovery.ts'
import { registrationSweep } from './accounts/registration/registration.ts'
import { sealUnlessHeld } from './audit/chain.ts'
import { fillSearch } from './audit/search-index.ts'
import { redactionSweep } from './efiling/acknowledge-redaction.ts'
import { eraseOldPasswords } from './efiling/go-live/erase-old-passwords.ts'
import { tellDueWaves } from './efiling/go-live/tell-due-waves.ts'
import { draftSweep } from './efiling/requests/store.ts'
import type { RecurringJob } from './jobs/job.ts'
import { type SweepRule, sweepingJobs } from './jobs/sweep.ts'
import { linkSweep } from './mail/one-use-link.ts'
import { mailSweep } from './mail/store.ts'
import { sessionSweeps } from './sessions/sweep-rules.ts'
import { signInFailureSweep } from './signin/store.ts'
import { roleProposalSweep } from './staff/role-proposal-store.ts'
import type { Database } from './storage/db.ts'
import { windowSweep } from './storage/window-counter.ts'

/** What of each table is past its time. */
export const sweepRules: readonly SweepRule[] = [
  ...sessionSweeps,
  accountChangeSweep,
  addressProposalSweep,
  draftSweep,
  emailChangeSweep,
  knownBrowserSweep,
  linkSweep,
  mailSweep,
  recoverySweep,
  redactionSweep,
  registrationSweep,
  roleProposalSweep,
  signInFailureSweep,
  windowSweep,
]

/**
 * Everything that comes again by itself, once per installation. What each process does for itself is
 * no job: comparing its clock, looking at what it will warn of, forgetting what it has read, counting
 * refusals, asking again whether its database is there. Nor is what has to be done before a process
 * can serve (`prepareDatabase`), for that makes the table of the jobs.
 */
export function recurringJobs(db: Database): RecurringJob[] {
  return [
    { name: 'seal-audit', everySeconds: 1, run: () => sealUnlessHeld(db) },
    { name: 'fill-audit-search', everySeconds: 5, run: () => fillSearch(db) },
    tellDueWaves(db),
    eraseOldPasswords(db),
    ...sweepingJobs(db, sweepRules),
  ]
}
