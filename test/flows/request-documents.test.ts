import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect } from 'vitest'
import { byOperator } from '../../src/audit/by.ts'
import { removeDocument } from '../../src/efiling/documents/remove-document.ts'
import { resealDocuments } from '../../src/efiling/documents/reseal-documents.ts'
import { openParts } from '../../src/efiling/documents/sealed-parts.ts'
import type { CourtId } from '../../src/ids.ts'
import { createSealing } from '../../src/signing/sealed-field.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { newBrowser } from '../support/court.ts'
import { sql } from '../support/database.ts'
import { idOf } from '../support/filing-requests.ts'
import type { HttpClient, HttpResponse } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { nora } from '../support/people.ts'
import { practise } from '../support/practices.ts'
import { wordsOf } from '../support/registration.ts'
import { openAs } from '../support/staff.ts'

const olga = { ...nora, number: '7210100', username: 'olga-has-papers' }
const otto = { ...nora, number: '7210101', username: 'otto-has-none' }

const ofCourt = (n: number, court: string) => ({
  ...nora,
  number: `721011${n}`,
  username: `clerk-of-${court}`,
  user_type: 'government',
  staff_roles: [{ role: 'clerk', court }],
})

const documents = '/account/courts/ncwb/request/documents'
const pdf = Buffer.from('%PDF-1.7\nA certificate of good standing\n%%EOF\n')
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const megabytes = (count: number) => Buffer.concat([pdf, Buffer.alloc(count * 1024 * 1024)])

type Sent = {
  readonly name?: string
  readonly bytes?: Buffer
  readonly type?: string
  readonly csrf?: string
  /** The file stands in front of the token. */
  readonly isFileFirst?: boolean
}

/** What a browser sends for the form with a file. */
function multipart(fields: Readonly<Record<string, string>>, sent: Sent) {
  const { name = 'certificate.pdf', bytes = pdf, type = 'application/pdf', isFileFirst } = sent
  const boundary = `----test${randomBytes(8).toString('hex')}`
  const head = (about: string) => `--${boundary}\r\nContent-Disposition: form-data; ${about}\r\n`
  const before = Object.entries(fields).map(([field, value]) =>
    Buffer.from(`${head(`name="${field}"`)}\r\n${value}\r\n`),
  )
  const file = [
    Buffer.from(`${head(`name="file"; filename="${name}"`)}Content-Type: ${type}\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]
  const parts = isFileFirst ? [...file, ...before] : [...before, ...file]
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  }
}

const test = kit()
  .override('people', [olga, otto, ofCourt(1, 'ncwb'), ofCourt(2, 'ncwd')])
  .extend('practice', { scope: 'file' }, ({ signOn }) =>
    practise(signOn, 'ncwb', {
      takes: ['filing-only'],
      questions: [
        {
          id: 'standing',
          kind: 'document',
          label: 'Certificate of good standing',
          isRequired: true,
        },
        { id: 'more', kind: 'document', label: 'Anything more', isRequired: false },
      ],
      oldAccounts: 'clerk-links',
    }),
  )
  /** Olga, with a draft that waits for its documents. */
  .extend('olgas', { scope: 'file' }, async ({ signOn, practice: _ }, { onCleanup }) => {
    const browser = newBrowser()
    onCleanup(() => browser.stop())
    const isOurs = (to: URL) => to.origin === signOn.issuer
    const kind = await openAs(signOn, browser, olga.username, '/account/courts/ncwb/request')
    const questions = await browser.followWhile(
      await browser.submit(kind.form('ask-kind'), { asked: 'filing-only' }),
      isOurs,
    )
    const answers = { 'answer-cso-filed-before': 'Yes', 'answer-cso-old-login': 'olga-ecf' }
    await browser.submit(questions.form('ask-details'), answers, 'ask-details-submit')
    return browser
  })
  .extend(
    'upload',
    ({ isOurs }) =>
      async (browser: HttpClient, page: HttpResponse, sent: Sent = {}, id = 'standing') => {
        const form = page.form(id === 'further' ? 'further-form' : `upload-${id}`)
        const { file: _, ...fields } = form.fields
        const { type, body } = multipart({ ...fields, ...(sent.csrf && { csrf: sent.csrf }) }, sent)
        const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin' }
        const answer = await browser.send('POST', form.action, headers, body)
        return browser.followWhile(answer, isOurs)
      },
  )
  .extend(
    'rows',
    ({ signOn }) =>
      () =>
        sql<{ id: string; name: string; type: string; size: number; key: string }>(
          signOn.services.db,
          'SELECT id::text AS id, name, type, size, sealing_key AS key FROM filing_documents ORDER BY name',
        ),
  )

describe('a document', () => {
  test('is kept sealed, is served to be kept and not to be shown, and goes with the request', async ({
    olgas,
    openBrowser,
    at,
    upload,
    rows,
    signOn,
  }) => {
    const page = await olgas.get(at(documents))
    const name = 'Zertifikat für »Olga«.pdf'
    const added = await upload(olgas, page, { name, type: 'text/html' })
    expect([added.status, wordsOf(added)]).toEqual([
      200,
      expect.stringContaining(`${name} , PDF, 1 KB`),
    ])
    const [row, ...others] = await rows()
    expect([row?.name, row?.type, row?.size, others]).toEqual([
      name,
      'application/pdf',
      pdf.length,
      [],
    ])
    const [part, ...rest] = await sql<{ sealed: Buffer }>(
      signOn.services.db,
      'SELECT sealed FROM filing_document_parts',
    )
    expect([part?.sealed.includes('certificate'), rest]).toEqual([false, []])

    const own = `/account/courts/ncwb/documents/${row!.id}`
    const opened = await olgas.get(at(own))
    expect(opened.text).toBe(pdf.toString())
    expect(opened.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': expect.stringMatching(/^attachment; /),
      'content-security-policy': expect.stringContaining('sandbox'),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    const stranger = openBrowser()
    expect((await openAs(signOn, stranger, otto.username, own)).status).toBe(404)
    expect((await olgas.get(at(own.replace('ncwb', 'ncwd')))).status).toBe(404)

    // Another one to the same question stands in its place.
    const replaced = await upload(olgas, added, { name: 'picture.png', bytes: png })
    expect(wordsOf(replaced)).toContain('picture.png , PNG picture')
    expect((await rows()).map((one) => one.name)).toEqual(['picture.png'])
    const removed = await olgas.submit(replaced.form('remove-standing'))
    expect(await rows()).toEqual([])
    await upload(olgas, await olgas.follow(removed), { name: 'not-what-it-says.exe' })
    const [kept] = await rows()
    const served = await olgas.get(at(`/account/courts/ncwb/documents/${kept!.id}`))
    expect(served.headers['content-disposition']).toContain('not-what-it-says.exe.pdf')
  })

  test('is opened by the clerk of its court alone, when it was sent, and the audit says by whom', async ({
    olgas,
    openBrowser,
    at,
    isOurs,
    upload,
    rows,
    signOn,
    audited,
  }) => {
    await upload(olgas, await olgas.get(at(documents)))
    const [row] = await rows()
    const desk = openBrowser()
    await openAs(signOn, desk, 'clerk-of-ncwb', '/staff')
    const [draft] = await sql<{ number: string }>(
      signOn.services.db,
      `SELECT r.number FROM filing_requests r JOIN accounts a ON a.id = r.account_id
        WHERE a.number = '${olga.number}'`,
    )
    const path = (court: string) =>
      `/staff/courts/${court}/requests/${draft!.number}/documents/${row!.id}`
    expect((await desk.get(at(path('ncwb')))).status).toBe(404)

    const check = await olgas.get(at('/account/courts/ncwb/request/check'))
    const sent = await olgas.followWhile(await olgas.submit(check.form('ask-check')), isOurs)
    expect(wordsOf(sent)).toContain('Your request was sent to the court')

    // While it waits for the clerk there may be more, of which the clerk is shown when it came.
    const wrong = await upload(olgas, sent, { bytes: Buffer.from('no PDF') }, 'further')
    expect([wrong.status, wordsOf(wrong)]).toEqual([
      422,
      expect.stringContaining('Choose a PDF, JPEG or PNG file'),
    ])
    const clock = () =>
      sql(
        signOn.services.db,
        `SELECT waits_since, clerk_seconds FROM filing_requests WHERE number = '${draft!.number}'`,
      )
    const before = await clock()
    const more = await upload(olgas, wrong, { name: 'oath.pdf' }, 'further')
    expect(wordsOf(more)).toMatch(/You added a document\. \S*oath\.pdf/)
    expect(wordsOf(more)).toContain('Further document oath.pdf')
    expect(await clock()).toEqual(before)
    const request = await desk.get(at(`/staff/courts/ncwb/requests/${draft!.number}`))
    expect(wordsOf(request)).toMatch(/Further document oath\.pdf \(PDF, 1 KB\), added on \w+ \d+/)
    expect(wordsOf(request)).toContain('The filer added a document')
    expect(await audited('request.document-sent')).toHaveLength(1)
    const many = await Promise.all(
      Array.from({ length: 4 }, () => upload(olgas, more, { name: 'again.pdf' }, 'further')),
    )
    const taken = many.filter(({ status }) => status === 200).length
    expect(
      many.map(({ status }) => status).filter((one) => ![200, 409, 503].includes(one)),
    ).toEqual([])
    expect(await audited('request.document-sent')).toHaveLength(1 + taken)

    const opened = await desk.get(at(path('ncwb')))
    expect([opened.status, opened.text]).toEqual([200, pdf.toString()])
    expect(opened.headers).toMatchObject({
      'content-disposition': expect.stringMatching(/^attachment; /),
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    const about = await desk.get(at(path('ncwb').split('/documents')[0]!))
    expect(about.text).toContain(`href="${path('ncwb')}"`)
    expect(await audited('document.opened')).toMatchObject([
      { courtId: 'ncwb', detail: { number: draft!.number, document: row!.id } },
    ])
    const other = openBrowser()
    await openAs(signOn, other, 'clerk-of-ncwd', '/staff')
    for (const court of ['ncwb', 'ncwd']) {
      expect((await other.get(at(path(court)))).status).toBe(404)
    }
    // What is sent is not changed any more; it is asked anew for the tests that follow.
    const late = await olgas.get(at(documents))
    expect(late.location).toBe(at('/account/courts/ncwb/request'))
    const withdraw = await olgas.click(sent, 'withdraw')
    await olgas.submit(withdraw.form('withdraw-form'))
    const kind = await olgas.get(at('/account/courts/ncwb/request'))
    const questions = await olgas.follow(
      await olgas.submit(kind.form('ask-kind'), { asked: 'filing-only' }),
    )
    const answers = { 'answer-cso-filed-before': 'Yes', 'answer-cso-old-login': 'olga-ecf' }
    await olgas.submit(questions.form('ask-details'), answers, 'ask-details-submit')
  })

  test.for([
    ['that is empty', { bytes: Buffer.alloc(0) }, 'this one is empty'],
    [
      'of another type, whatever its name says',
      { bytes: Buffer.from('MZ\x90\0 an exe') },
      'this one is something else',
    ],
    [
      'that hides behind the beginning of a page',
      { bytes: Buffer.from('<html>%PDF-1.7'), name: 'a.pdf' },
      'this one is something else',
    ],
    ['whose name has a path', { name: '../../etc/passwd.pdf' }, 'Rename the file'],
    ['whose name has a path of Windows', { name: 'C:\\papers\\a.pdf' }, 'Rename the file'],
    ['whose name turns the line around', { name: 'a\u202efdp.exe' }, 'Give the file another name'],
    ['that was not chosen', { name: '', bytes: Buffer.alloc(0) }, 'Choose a file first'],
    ['that is a little too large', { bytes: megabytes(10) }, '10 MB at most'],
    ['that is much too large', { bytes: megabytes(30) }, '10 MB at most'],
  ] as const)(
    '%s is refused at its field, and nothing that was typed is lost',
    async ([, sent, words], { olgas, at, upload, rows }) => {
      const before = await rows()
      const page = await olgas.get(at(documents))
      const refused = await upload(olgas, page, sent, 'more')
      expect(refused.status).toBe(422)
      expect(wordsOf(refused)).toContain(words)
      expect(refused.text).toContain('id="answer-more-error"')
      expect(await rows()).toEqual(before)
      const details = await olgas.get(at('/account/courts/ncwb/request/details'))
      expect(details.form('ask-details').fields['answer-cso-old-login']).toBe('olga-ecf')
    },
  )

  test('is sent if a question asks for it, and stays sent; of the terms none are noted that no court has', async ({
    signOn,
    openBrowser,
    at,
    isOurs,
    upload,
    rows,
    practice: _,
  }) => {
    const { db } = signOn.services
    const browser = openBrowser()
    const kind = await openAs(signOn, browser, otto.username, '/account/courts/ncwb/request')
    const send = async (page: HttpResponse, form: string, fields: object, press?: string) =>
      browser.followWhile(await browser.submit(page.form(form), { ...fields }, press), isOurs)
    const questions = await send(kind, 'ask-kind', { asked: 'filing-only' })
    const answers = { 'answer-cso-filed-before': 'No' }
    const page = await send(questions, 'ask-details', answers, 'ask-details-submit')
    const both = await upload(browser, page, { name: 'ottos.pdf' })
    await upload(browser, both, { name: 'ottos-more.pdf' }, 'more')
    // As where another kind is chosen afterwards, or the court asks something else.
    await sql(db, `UPDATE filing_documents SET question = 'gone' WHERE name = 'ottos-more.pdf'`)
    const check = await browser.get(at('/account/courts/ncwb/request/check'))
    expect(check.text).not.toContain('ottos-more.pdf')
    const forged = await send(check, 'ask-check', { accept: 'yes', terms: 'ninety' })
    expect(forged.url).toMatch(/\/requests\/\d{8}/)
    const ottos = async () =>
      (await rows()).map(({ name }) => name).filter((name) => name.startsWith('ottos'))
    expect(await ottos()).toEqual(['ottos.pdf'])
    expect(
      await sql(db, `SELECT terms_version AS terms FROM filing_requests WHERE state = 'open'`),
    ).toEqual([{ terms: null }])

    const whose = { accountId: await idOf(signOn, otto.number), courtId: 'ncwb' as CourtId }
    await inTransaction(db, (tx) => removeDocument(tx, whose, 'standing'))
    expect(await ottos()).toEqual(['ottos.pdf'])
  })

  test('of ten megabytes is kept', async ({ olgas, at, upload, rows }) => {
    const page = await olgas.get(at(documents))
    const exact = Buffer.concat([pdf, Buffer.alloc(10 * 1024 * 1024 - pdf.length)])
    const added = await upload(olgas, page, { bytes: exact, name: 'scan.pdf' }, 'more')
    expect(wordsOf(added)).toContain('scan.pdf , PDF, 10.0 MB')
    expect((await rows()).find(({ name }) => name === 'scan.pdf')?.size).toBe(10 * 1024 * 1024)
  })

  test('is not kept without the token of its form in front of it, nor from another page', async ({
    olgas,
    at,
    upload,
    rows,
  }) => {
    const before = await rows()
    const page = await olgas.get(at(documents))
    for (const sent of [{ csrf: 'guessed' }, { isFileFirst: true }]) {
      const refused = await upload(olgas, page, sent)
      expect(refused.status).toBe(422)
      expect(wordsOf(refused)).toContain('You have signed in since this page was opened')
    }
    const { file: _, ...fields } = page.form('upload-standing').fields
    const { type, body } = multipart(fields, {})
    const foreign = await olgas.send(
      'POST',
      at(documents),
      { 'content-type': type, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      body,
    )
    expect(foreign.status).toBe(403)
    expect(await rows()).toEqual(before)
  })

  test.for([
    ['without a boundary', 'multipart/form-data', Buffer.from('x')],
    [
      'that is cut off',
      'multipart/form-data; boundary=b',
      Buffer.from('--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nx'),
    ],
    [
      'with a thousand fields',
      'multipart/form-data; boundary=b',
      Buffer.from(
        `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'.repeat(1000)}--b--\r\n`,
      ),
    ],
    ['that is no such form', 'application/x-www-form-urlencoded', Buffer.from('csrf=x')],
  ] as const)(
    'in a form %s is answered, and nothing breaks',
    async ([, type, body], { olgas, at, signOn }) => {
      const answer = await olgas.send('POST', at(documents), { 'content-type': type }, body)
      expect([400, 413, 422]).toContain(answer.status)
      expect(signOn.logLines.filter((line) => line.includes('request failed'))).toEqual([])
    },
  )

  test('is sealed anew with the newest key, and a second time nothing is done', async ({
    signOn,
    rows,
    olgas: _,
  }) => {
    const { db, keys } = signOn.services
    const key = { id: 'newer', key: createSecretKey(randomBytes(32)) }
    const markKey = createSecretKey(randomBytes(32))
    const sealing = createSealing([key, ...keys.secrets.sealingKeys], markKey)
    const before = await rows()
    expect(before.length).toBeGreaterThan(0)
    const resealed = await resealDocuments({ db, sealing }, byOperator('test'))
    expect(resealed).toEqual({ count: before.length, unopened: [] })
    for (const { id, size, key: keyId } of await rows()) {
      expect(keyId).toBe('newer')
      let length = 0
      for await (const part of openParts(db, sealing, { id, size })) length += part.length
      expect(length).toBe(size)
    }
    expect((await resealDocuments({ db, sealing }, byOperator('test'))).count).toBe(0)
  })
})
