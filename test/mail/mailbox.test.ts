import { expect } from 'vitest'
import { createMailbox } from '../../src/mail/mailbox.ts'
import { kit } from '../support/kit.ts'
import { startSignOn } from '../support/sign-on.ts'

const test = kit()
const mail = (n: number) => ({
  messageId: `<${n}@sso.test>`,
  to: `a${n}@example.com`,
  subject: `Message ${n}`,
  text: `First of ${n}\n\nGo on:\nhttp://localhost/recover/${n}\n`,
  html: '',
})

test('a mailbox keeps the newest hundred, in memory', async () => {
  const mailbox = createMailbox()
  for (let n = 1; n <= 120; n += 1) await mailbox.send(mail(n))
  expect(mailbox.mails).toHaveLength(100)
  expect(mailbox.mails[0]).toMatchObject({ subject: 'Message 120' })
  expect(mailbox.mails.at(-1)).toMatchObject({ subject: 'Message 21' })
})

test('the mailbox shows what was sent where no mail server is set', async ({
  browser,
  onTestFinished,
}) => {
  const signOn = await startSignOn()
  onTestFinished(() => signOn.stop())
  const address = `${signOn.issuer}/mailbox`
  expect((await browser.get(address)).text).toContain('Nothing has been sent yet')
  await signOn.services.mailbox!.send(mail(7))
  const { status, text } = await browser.get(address)
  expect(status).toBe(200)
  expect(text).toContain('Message 7')
  expect(text).toContain('To a7@example.com')
  expect(text).toContain('<a href="http://localhost/recover/7">http://localhost/recover/7</a>')
})

test('there is no mailbox page where mail is sent', async ({ at, browser, signOn }) => {
  expect(signOn.services.mailbox).toBeUndefined()
  expect((await browser.get(at('/mailbox'))).status).toBe(404)
})
