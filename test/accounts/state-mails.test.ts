import { expect, test } from 'vitest'
import { holdReasons } from '../../src/accounts/hold.ts'
import { heldMail, releasedMail, stateMails } from '../../src/accounts/state-mails.ts'
import { holdWords } from '../../src/accounts/state-words.ts'
import { mailKinds } from '../../src/mail-kinds.ts'

const facts = { username: 'jdoe-attorney', number: '7123456' }
const context = { at: (path: string) => `https://sso.example.gov${path}`, made: {} }
const more = { reason: 'recovery', left: null } as const

test.each(stateMails.map((words) => [words.name, words] as const))(
  '%s names the account, says what to do or whom to call, and has no link of its own',
  (_, words) => {
    const mail = words.compose({ ...facts, ...more }, context)
    const text = [...mail.paragraphs, mail.withoutLink].join('\n')
    expect(text).toContain('the username jdoe-attorney, account number 7123456')
    expect(text).toMatch(/\(800\) 676-6856|https:\/\/sso\.example\.gov\/account/)
    expect(text).not.toMatch(/undefined|null|\[object/)
    expect(mail.subject.length).toBeLessThan(70)
    expect(words.link).toBeUndefined()
    expect(mailKinds).toContain(words)
  },
)

test.each(holdReasons)('a hold is told in the words of every page: %s', (reason) => {
  const mail = heldMail.compose({ ...facts, reason }, context)
  const { headline, meaning } = holdWords[reason]
  expect(mail.subject).toBe(headline)
  expect(mail.paragraphs).toContain(`${headline}. ${meaning}`)
})

test('a hold that was lifted beside another one does not promise that the account files again', () => {
  const says = (left: 'support' | null) =>
    releasedMail.compose({ ...facts, reason: 'review', left }, context).paragraphs.join('\n')
  expect(says(null)).toContain('you can use it again')
  expect(says('support')).not.toContain('you can use it again')
  expect(says('support')).toContain(holdWords.support.headline)
})
