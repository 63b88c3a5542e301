import { askedBy } from '../asked-by.ts'
import { legacyNoticePage } from '../pages.ts'
import { formOf } from '../visit.ts'
import { noticeStep } from './notice-step.ts'

/** Accounts made before August 11, 2014 can search, and cannot file before an upgrade. */
export const legacyNotice = noticeStep({
  name: 'legacy-account',
  remembered: 'per-sign-in',
  kept: 'that you read the notice about your account',
  isAbout: ({ account }) => !account.isUpgraded,
  page: (visit) =>
    legacyNoticePage({ ...formOf(visit, 'legacy-account'), askedBy: askedBy(visit.client) }),
})
