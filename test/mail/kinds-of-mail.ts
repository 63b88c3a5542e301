import { createSecretKey } from 'node:crypto'
import type { MailWords } from '../../src/mail/words.ts'

/** What the processes of these tests are started with. */
export const issuer = 'https://sso.test'
export const key = createSecretKey(Buffer.alloc(32, 7))

/** Tells a holder what happened. */
export const notice: MailWords<{ name: string }> = {
  name: 'address-changed',
  hasNotMe: true,
  compose: ({ name }, { at }) => ({
    subject: 'Your address was changed',
    paragraphs: [`Dear ${name},`, 'The address of your account was changed: “Main St.” & more.'],
    withoutLink: `You can see it at ${at('/account')}.`,
  }),
}

/** Lets a holder do something. */
export const reset: MailWords<Record<string, never>> = {
  name: 'reset-password',
  link: {
    purpose: 'reset-password',
    lifeMinutes: 30,
    path: (token) => `/recover/password/${token}`,
  },
  make: async () => ({ code: '042137' }),
  compose: (_, { at, made }) => ({
    subject: 'A new password',
    paragraphs: ['Somebody asked for a new password for your account.'],
    code: made['code']!,
    button: 'Choose a new password',
    withoutLink: `Without the link: open ${at('/recover')} and ask again.`,
  }),
}
