import { addressProposalMails } from './accounts/address-proposal-mails.ts'
import { birthDateMails } from './accounts/birth-date-mails.ts'
import { emailChangeMails } from './accounts/email-change-mails.ts'
import {
  accountExportedMail,
  accountUpgradedMail,
  passwordChangedMail,
  usernameChangedMail,
} from './accounts/mails.ts'
import { personMails } from './accounts/person-mails.ts'
import { recoveryMails } from './accounts/recovery/mails.ts'
import { registrationMails } from './accounts/registration/mails.ts'
import { stateMails } from './accounts/state-mails.ts'
import { unlockedMail } from './console/support/mails.ts'
import { noticeDecidedMail } from './efiling/changes/mails.ts'
import { goLiveMails } from './efiling/go-live/mails.ts'
import { linkMails } from './efiling/linking/mails.ts'
import { clerkMails } from './efiling/requests/clerk-mails.ts'
import { requestMails } from './efiling/requests/mails.ts'
import { rightDecidedMail } from './efiling/right-mails.ts'
import type { MailWords } from './mail/words.ts'
import { roleMails } from './staff/role-mails.ts'

/** Every kind of message that is sent; its words stand in the slice whose act it tells of. */
export const mailKinds: readonly MailWords[] = [
  passwordChangedMail,
  accountExportedMail,
  usernameChangedMail,
  accountUpgradedMail,
  ...personMails,
  ...registrationMails,
  ...stateMails,
  ...addressProposalMails,
  ...birthDateMails,
  ...emailChangeMails,
  ...recoveryMails,
  unlockedMail,
  rightDecidedMail,
  ...linkMails,
  ...clerkMails,
  ...requestMails,
  noticeDecidedMail,
  ...goLiveMails,
  ...roleMails,
]
