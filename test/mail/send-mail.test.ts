import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { markAddressRefused } from '../../src/accounts/mark-address-refused.ts'
import { loadConfig } from '../../src/config/config.ts'
import { markRefusedAtCourt } from '../../src/efiling/go-live/mark-refused-mail.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import type { QueuedJob } from '../../src/jobs/job.ts'
import { listDead } from '../../src/jobs/list-jobs.ts'
import { enqueue } from '../../src/jobs/store.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { addressMark, findLink, useLink } from '../../src/mail/one-use-link.ts'
import { queueMail, queueMails } from '../../src/mail/queue-mail.ts'
import { sendMail } from '../../src/mail/send-mail.ts'
import { createSmtpTransport } from '../../src/mail/transport.ts'
import { createOutages } from '../../src/outages.ts'
import { refused } from '../../src/outcome.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { silent } from '../storage/databases.ts'
import { cloneDatabase, sql } from '../support/database.ts'
import { dumpStores } from '../support/dump-stores.ts'
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts'
import { plantImported } from '../support/imported-accounts.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { becomes } from '../support/measure.ts'
import { temporaryFolder } from '../support/server-process.ts'
import { issuer, key, notice, reset } from './kinds-of-mail.ts'

const jane = 'jane.doe@example.com'

let url: string
let db: Database
let mailServer: MailServer
let accountId: AccountId

const openOne = async () => {
  const one = await openDatabase({ url, dataDir: '', poolSize: 10 }, silent)
  onTestFinished(() => one.close())
  return one
}

beforeEach(async () => {
  const database = await cloneDatabase()
  onTestFinished(() => database.drop())
  url = database.url
  db = await openOne()
  mailServer = await startMailServer()
  onTestFinished(() => mailServer.stop())
  accountId = randomUUID() as AccountId
  await sql(
    db,
    `INSERT INTO accounts (id, number, type, user_type, is_upgraded, username, username_canonical,
      email, email_canonical, is_email_verified, search_status, updated_at)
    VALUES ($1, '7123456', 'individual', 'attorney', true, 'jdoe-attorney', 'jdoe-attorney', $2, $2,
      true, 'active', now())`,
    [accountId, jane],
  )
})

/** A process of Central Sign-On that sends, by this server or by another address. */
async function startSending(
  options: { over?: Database; settings?: MailServer['settings']; others?: QueuedJob[] } = {},
) {
  const { over = db, settings = mailServer.settings, others = [] } = options
  const transport = createSmtpTransport(loadConfig(settings).mail!)
  const words = [notice, reset]
  const sending = sendMail({
    db: over,
    issuer,
    key,
    transport,
    words,
    markAddressRefused,
    markRefusedAtCourt,
  })
  const worker = await startWorker(
    over,
    { recurring: [], queued: [sending, ...others] },
    { log: silent, outages: createOutages(silent, String) },
    { lookEveryMilliseconds: 20, leaseSeconds: 2 },
  )
  onTestFinished(() => worker.stop())
}

const queueNotice = (to = jane, name = 'Jane Doe') =>
  inTransaction(db, (tx) => queueMail(tx, { words: notice, to, accountId, facts: { name } }))
const queueReset = () =>
  inTransaction(db, (tx) =>
    queueMail(tx, { words: reset, to: jane, accountId, facts: {}, about: { asked: '17' } }),
  )

type Row = { sent: boolean; refusal: string | null; facts: object }
const rows = () =>
  sql<Row>(db, 'SELECT sent_at IS NOT NULL AS sent, refusal, facts FROM mails ORDER BY created_at')
const jobs = () => sql<{ tries: number; problem: string }>(db, 'SELECT tries, problem FROM jobs')
const isEmpty = async () => (await jobs()).length === 0
const allDone = () => becomes('all jobs are done', 20_000, isEmpty)
const hurry = () => sql(db, 'UPDATE jobs SET run_at = now() WHERE lease IS NULL')
const events = () =>
  sql<{ event: string }>(db, 'SELECT event, detail FROM audit_events ORDER BY id')
const hasFailed = async () => (await jobs()).some(({ problem }) => problem !== null)

/** What a reader of the HTML sees, addresses of buttons aside, which are written out beside them. */
function wordsOf(html: string): string[] {
  const body = html.replace(/<head>[\s\S]*<\/head>/, '').replace(/<[^>]*>/g, ' ')
  const references: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  const text = body.replace(/&([#\w]+);/g, (whole, name) =>
    name in references
      ? references[name]!
      : /^#\d+$/.test(name)
        ? String.fromCodePoint(Number(name.slice(1)))
        : whole,
  )
  return text.split(/\s+/).filter(Boolean)
}

describe('a mail', () => {
  test('comes as text and as HTML that say the same, and leads to us alone', async () => {
    await startSending()
    await queueNotice()
    await queueReset()
    await allDone()
    expect(mailServer.mails).toHaveLength(2)
    for (const mail of mailServer.mails) {
      expect(mail.recipients).toEqual([jane])
      expect(mail.to).toBe(jane)
      expect(mail.from).toBe('"Central Sign-On" <no-reply@courts.test>')
      expect(mail.source).toMatch(/^Auto-Submitted: auto-generated$/m)
      // After the label of a link text has a colon, which says that an address follows.
      const inText = mail.text.replace(/:\n(?=https?:)/g, '\n')
      expect(wordsOf(mail.html)).toEqual(inText.split(/\s+/).filter(Boolean))
      const addresses = [...mail.links, ...mail.html.match(/(?<=href=")[^"]+/g)!]
      expect(addresses.filter((each) => !each.startsWith(`${issuer}/`))).toEqual([])
      expect(mail.html).not.toMatch(/\b(?:src|background)=|url\(|<script|<form/)
    }
    expect(await rows()).toEqual(Array(2).fill({ sent: true, refusal: null, facts: {} }))
  })

  test('is there when what it tells is committed, and goes with it', async () => {
    await startSending()
    await inTransaction(db, async (tx) => {
      await queueMail(tx, { words: notice, to: jane, facts: { name: 'nobody' } })
      return refused('no')
    })
    expect(await rows()).toEqual([])
    expect(await isEmpty()).toBe(true)
    await queueNotice()
    await allDone()
    expect(mailServer.mails.map(({ subject }) => subject)).toEqual(['Your address was changed'])
  })

  test('holds links that are made when it is sent, and stand nowhere else', async () => {
    await queueReset()
    await sql(db, `UPDATE mails SET created_at = now() - interval '20 hours'`)
    await startSending()
    await allDone()
    const [mail] = mailServer.mails
    const [link] = mail!.links
    const token = link!.split('/').at(-1)!
    expect(link).toBe(`${issuer}/recover/password/${token}`)
    expect(await dumpStores({ db, redis: undefined })).not.toContain(token)
    const [row] = await sql<{ minutes: number }>(
      db,
      'SELECT round(extract(epoch FROM expires_at - now()) / 60)::int AS minutes FROM one_use_links',
    )
    expect(row!.minutes).toBe(30)
    const value = { accountId, about: { asked: '17', to: addressMark(key, jane) } }
    expect(await findLink(db, key, 'reset-password', token)).toEqual({ ok: true, value })
    const used = await inTransaction(db, (tx) => useLink(tx, key, 'reset-password', token))
    expect(used).toEqual({ ok: true, value })
  })

  test('has a code that is made for it alone', async () => {
    await startSending()
    await queueReset()
    await allDone()
    const [mail] = mailServer.mails
    expect(mail!.codes).toHaveLength(1)
    expect(wordsOf(mail!.html)).toContain(mail!.codes[0])
  })

  test('lets its reader say "This was not me", for fourteen days', async () => {
    await startSending()
    await queueNotice()
    await allDone()
    const link = mailServer.mails[0]!.links.find((each) => each.includes('/not-me/'))
    const token = link!.split('/').at(-1)!
    expect(await findLink(db, key, 'not-me', token)).toEqual({
      ok: true,
      value: { accountId, about: { notice: 'address-changed', to: addressMark(key, jane) } },
    })
    const [row] = await sql<{ days: number }>(
      db,
      'SELECT round(extract(epoch FROM expires_at - now()) / 86400)::int AS days FROM one_use_links',
    )
    expect(row!.days).toBe(14)
  })

  test('has no line and no recipient that a name or an address brings along', async () => {
    await startSending()
    await queueNotice(jane, 'Jane\r\nBcc: thief@example.com\r\n\r\nSee https://thief.example/now')
    await allDone()
    const [mail] = mailServer.mails
    expect(mail!.recipients).toEqual([jane])
    const [head = ''] = mail!.source.split('\r\n\r\n')
    expect(head).not.toMatch(/^bcc:/im)
    expect(mail!.links.every((each) => each.startsWith(issuer))).toBe(true)
    expect(mail!.text).toContain('Jane Bcc: thief@example.com See https: //thief.example/now')
    for (const to of [
      'a@example.com\r\nBcc: b@example.com',
      'a@example.com, b@example.com',
      'a@example.com b@example.com',
      '<a@example.com>',
      'A <a@example.com>',
      '"a b"@example.com',
      'a@b@example.com',
      '@example.com',
      'a@',
      'group:a@example.com;',
    ]) {
      await expect(queueNotice(to), to).rejects.toThrow('no address')
    }
    expect(await rows()).toHaveLength(1)
  })

  test('is told to the audit by what it is, without its words or its address', async () => {
    await startSending()
    await queueNotice()
    await allDone()
    const [event] = await events()
    expect(event).toMatchObject({ event: 'mail.sent', detail: { kind: 'address-changed' } })
    expect(JSON.stringify(event)).not.toMatch(/jane|doe/i)
  })
})

describe('two processes', () => {
  test('send each mail once', async () => {
    await startSending()
    await startSending({ over: await openOne() })
    await Promise.all(Array.from({ length: 60 }, (_, n) => queueNotice(`a${n}@example.com`)))
    await allDone()
    const recipients = mailServer.mails.flatMap((mail) => mail.recipients)
    expect(recipients).toHaveLength(60)
    expect(new Set(recipients).size).toBe(60)
    expect(new Set(mailServer.mails.map(({ messageId }) => messageId)).size).toBe(60)
  })

  test('send it again under the same Message-ID when one is killed before it could note it', async () => {
    const script = fileURLToPath(new URL('sending-process.ts', import.meta.url))
    const folder = temporaryFolder('mail')
    onTestFinished(folder.remove)
    const authority = join(folder.path, 'authority.pem')
    writeFileSync(authority, inject('mailCertificate').authority)
    const child: ChildProcess = spawn(process.execPath, [script, url], {
      env: {
        PATH: process.env['PATH'],
        NODE_EXTRA_CA_CERTS: authority,
        ...mailServer.settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    })
    await once(child.stdout!, 'data')
    // Whoever wants to note what became of the mail has to wait for this row.
    const isHeld = Promise.withResolvers<void>()
    const letGo = Promise.withResolvers<void>()
    await queueReset()
    const holding = inTransaction(db, async (tx) => {
      await sql(tx, 'SELECT 1 FROM mails FOR UPDATE')
      isHeld.resolve()
      await letGo.promise
    })
    await isHeld.promise
    await becomes('it is sent', 10_000, async () => mailServer.mails.length === 1)
    child.kill('SIGKILL')
    await once(child, 'exit')
    letGo.resolve()
    await holding
    expect(await rows()).toMatchObject([{ sent: false }])
    await startSending()
    await allDone()
    const [first, second] = mailServer.mails
    expect(mailServer.mails).toHaveLength(2)
    expect(second!.messageId).toBe(first!.messageId)
    expect(first!.messageId).toMatch(/^<[0-9a-f-]{36}@sso\.test>$/)
    expect(second!.links[0]).not.toBe(first!.links[0])
  })
})

describe('a mail server', () => {
  const throughProxy = async (): Promise<FaultProxy> => {
    const proxy = await startFaultProxy(`127.0.0.1:${mailServer.port}`)
    onTestFinished(() => proxy.stop())
    return proxy
  }
  const failsFirst = () => becomes('a try has failed', 25_000, hasFailed)

  test('that is down loses nothing: the mail is sent when it is back', async () => {
    const proxy = await throughProxy()
    await proxy.refuse()
    await startSending({ settings: mailServer.settingsBy(proxy.host) })
    await queueNotice()
    await failsFirst()
    const [job] = await jobs()
    expect(job!.problem).toBe('the mail server was not reached, or fell silent (ECONNREFUSED)')
    expect(mailServer.mails).toHaveLength(0)
    await proxy.pass()
    await hurry()
    await allDone()
    expect(mailServer.mails).toHaveLength(1)
  })

  test('that takes everything and says nothing holds up no other work', async () => {
    const proxy = await throughProxy()
    await proxy.blackhole()
    let done = 0
    const other: QueuedJob = {
      name: 'other',
      tries: 1,
      run: async () => {
        done += 1
      },
    }
    await startSending({ settings: mailServer.settingsBy(proxy.host), others: [other] })
    for (let n = 0; n < 6; n += 1) await queueNotice()
    await becomes('all hands of mail are full', 5000, async () => proxy.connectionCount === 4)
    for (let n = 0; n < 20; n += 1) await enqueue(db, 'other', {})
    await becomes('the others are done', 3000, async () => done === 20)
    expect(mailServer.mails).toHaveLength(0)
    await failsFirst()
    await proxy.pass()
    await becomes('all are sent', 20_000, async () => {
      await hurry()
      return isEmpty()
    })
    expect(new Set(mailServer.mails.map(({ messageId }) => messageId)).size).toBe(6)
  }, 60_000)

  test('that is slow gets its mail all the same', async () => {
    const proxy = await throughProxy()
    await proxy.latency(150)
    await startSending({ settings: mailServer.settingsBy(proxy.host) })
    await queueNotice()
    await allDone()
    expect(mailServer.mails).toHaveLength(1)
  })

  test.each([
    ['a busy server', 'recipient', 421, '4.3.2 try later'],
    ['a mailbox that is full', 'recipient', 552, '5.2.2 over quota'],
    ['greylisting', 'recipient', 451, '4.7.1 greylisted'],
    ['no relaying for us', 'recipient', 550, 'relaying denied'],
    ['a policy against us', 'recipient', 550, '5.7.1 not from you'],
    ['our address as the sender', 'sender', 550, '5.1.1 no such user'],
    ['the message', 'message', 554, '5.6.0 not that one'],
    ['the message for now', 'message', 451, '4.3.0 out of space'],
  ] as const)('that refuses for %s is asked again, and no address is marked', async (...what) => {
    const [_, place, code, text] = what
    mailServer.answer = (at) => (at === place ? { code, text } : undefined)
    await startSending()
    await queueNotice()
    await failsFirst()
    const [job] = await jobs()
    expect(job!.problem).toContain(String(code))
    expect(job!.problem).not.toContain('jane')
    expect(await rows()).toMatchObject([
      { sent: false, refusal: null, facts: { name: 'Jane Doe' } },
    ])
    mailServer.answer = () => undefined
    await hurry()
    await allDone()
    expect(mailServer.mails).toHaveLength(1)
    expect(await rows()).toEqual([{ sent: true, refusal: null, facts: {} }])
  })

  const markedAt = async () => {
    const [row] = await sql<{ at: Date | null }>(db, 'SELECT email_refused_at AS at FROM accounts')
    return row!.at
  }

  test.each([
    [550, '5.1.1 no such user', '550 5.1.1'],
    [550, '5.1.10 null MX', '550 5.1.10'],
    [554, '5.2.1 mailbox disabled', '554 5.2.1'],
    [550, 'user unknown', '550'],
    [553, 'mailbox name not allowed', '553'],
  ])(
    'that refuses an address for good, %i %s, is asked once; the account shows it',
    async (...what) => {
      const [code, text, refusal] = what
      mailServer.answer = (at) => (at === 'recipient' ? { code, text } : undefined)
      await startSending()
      await queueNotice()
      await allDone()
      expect(await rows()).toEqual([{ sent: false, refusal, facts: {} }])
      expect(await markedAt()).toBeInstanceOf(Date)
      const [event] = await events()
      expect(event).toMatchObject({ event: 'mail.refused', detail: { kind: 'address-changed' } })
    },
  )

  test('that refuses an address which the account has no longer marks nothing', async () => {
    mailServer.answer = (at) => (at === 'recipient' ? { code: 550, text: '5.1.1' } : undefined)
    await startSending()
    await queueNotice('old@example.com')
    await allDone()
    expect(await rows()).toMatchObject([{ sent: false, refusal: '550 5.1.1' }])
    expect(await markedAt()).toBeNull()
  })

  test('that refuses an address which a court knows marks every account of that court with it', async () => {
    mailServer.answer = (at, address) =>
      at === 'recipient' && address.toLowerCase().startsWith('gone')
        ? { code: 550, text: '5.1.1' }
        : undefined
    await sql(
      db,
      `INSERT INTO courts (id, name, type, states, cmecf_host) VALUES
        ('ncwd', 'One', 'district', '{}', 'ecf.one.test'), ('ncmd', 'Other', 'district', '{}', 'ecf.other.test')`,
    )
    const ncwd = 'ncwd' as CourtId
    await plantImported(db, ncwd, [
      { login: 'one', email: 'gone@example.com' },
      { login: 'two', email: 'Gone@example.com' },
      { login: 'three', email: 'here@example.com' },
    ])
    await plantImported(db, 'ncmd' as CourtId, [{ login: 'other', email: 'gone@example.com' }])
    await startSending()
    // Written to as the court spells it.
    const mails = ['Gone@Example.com', 'here@example.com'].map((to) => {
      return { id: randomUUID(), to, facts: { name: 'Filer' } }
    })
    await inTransaction(db, (tx) => queueMails(tx, notice, { courtId: ncwd }, mails))
    await allDone()
    expect(mailServer.mails.map(({ to }) => to)).toEqual(['here@example.com'])
    const marked = await sql<{ login: string }>(
      db,
      'SELECT login FROM imported_accounts WHERE address_refused_at IS NOT NULL ORDER BY login',
    )
    expect(marked.map(({ login }) => login)).toEqual(['one', 'two'])
    const refusals = (await events()).filter(({ event }) => event === 'mail.refused')
    expect(refusals).toHaveLength(1)
  })

  test('that takes nothing for a day has the mail dead, and the operator told', async () => {
    mailServer.answer = (at) => (at === 'message' ? { code: 451, text: '4.3.0' } : undefined)
    await queueNotice()
    await sql(db, 'UPDATE jobs SET tries = 30')
    await startSending()
    await becomes('the job is dead', 10_000, async () => (await listDead(db, 1)).length === 1)
    expect(await listDead(db, 1)).toMatchObject([
      {
        name: 'send-mail',
        tries: 31,
        problem: 'the mail server did not take a message (451 4.3.0 to DATA)',
      },
    ])
  })

  test('with another password than ours is told apart', async () => {
    const settings = mailServer.settings
    const CSO_MAIL_URL = settings.CSO_MAIL_URL.replace(/:[^:@]+@/, ':wrong@')
    await startSending({ settings: { ...settings, CSO_MAIL_URL } })
    await queueNotice()
    await failsFirst()
    const [job] = await jobs()
    expect(job!.problem).toContain('does not take our user and password (535')
  })
})
