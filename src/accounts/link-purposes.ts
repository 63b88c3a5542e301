/** What links in mails to a holder are for, beside `not-me` and a new password (`set-password.ts`). */
export const emailChangePurpose = 'email-change'
/** In the mail to an address that an account had before: it tells support, and does nothing else. */
export const oldAddressPurpose = 'alert-support'
/** In the mail to the address that two people of support found to be the holder's. */
export const recoveredAddressPurpose = 'recovered-address'
