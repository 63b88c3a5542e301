import type { MailWords } from '../mail/words.ts'
import { paths } from '../paths.ts'
import type { HolderFacts } from './state-mails.ts'

type PasswordChangedFacts = HolderFacts & {
  /** As words: `November 3, 2026, 3:45 p.m. Eastern time`. */
  readonly at: string
}

type UsernameChangedFacts = HolderFacts & {
  /** `username` is the one before. */
  readonly newUsername: string
  /** As words. */
  readonly at: string
}

/** Tells the holder that the account has another username. */
export const usernameChangedMail: MailWords<UsernameChangedFacts> = {
  name: 'username-changed',
  hasNotMe: true,
  compose: ({ username, number, newUsername, at }, context) => ({
    subject: 'Your username was changed',
    paragraphs: [
      `The username of the account number ${number} was changed on ${at}. It was ${username}, and is ${newUsername} now.`,
      'If that was you, sign in with the new username from now on, here and at every court. The one before does not work any more. Your password, your account number and your rights to file are the same.',
    ],
    withoutLink: `To see what happened to your account, type this address into your browser and sign in: ${context.at(paths.account)}`,
  }),
}

/** Tells the holder that the account has another password. */
export const passwordChangedMail: MailWords<PasswordChangedFacts> = {
  name: 'password-changed',
  hasNotMe: true,
  compose: ({ username, number, at }, context) => ({
    subject: 'Your password was changed',
    paragraphs: [
      `The password of the account with the username ${username}, account number ${number}, was changed on ${at}.`,
      'If that was you, there is nothing that you have to do. Use the new password from now on, here and at every court.',
    ],
    withoutLink: `To see what happened to your account, type this address into your browser and sign in: ${context.at(paths.account)}`,
  }),
}

/** Tells the holder that the legacy account is an upgraded one: name and password are others from now on. */
export const accountUpgradedMail: MailWords<PasswordChangedFacts> = {
  name: 'account-upgraded',
  hasNotMe: true,
  compose: ({ username, number, at }, context) => ({
    subject: 'Your account was upgraded',
    paragraphs: [
      `The legacy account number ${number} was upgraded on ${at}. Its new username is ${username}, and it has a new password.`,
      'If that was you, sign in with these from now on, here and at every court. The old username and the old password do not work any more. Your account number, your billing and what courts know about you are the same.',
    ],
    withoutLink: `To see what happened to your account, type this address into your browser and sign in: ${context.at(paths.account)}`,
  }),
}

type ExportedFacts = HolderFacts & {
  /** As words. */
  readonly at: string
}

/** Tells the holder that somebody who is signed in was given everything that is kept of the account. */
export const accountExportedMail: MailWords<ExportedFacts> = {
  name: 'account-exported',
  hasNotMe: true,
  compose: ({ username, number, at }, context) => ({
    subject: 'What is kept about you was downloaded',
    paragraphs: [
      `Somebody who is signed in to the account with the username ${username}, account number ${number}, downloaded what is kept about it on ${at}. The file has your name, your date of birth and your address, and no password.`,
      'If that was you, there is nothing that you have to do. Keep the file where nobody else reads it.',
    ],
    withoutLink: `To see what happened to your account, type this address into your browser and sign in: ${context.at(paths.account)}`,
  }),
}
