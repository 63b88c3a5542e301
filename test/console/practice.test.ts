import { describe, expect } from 'vitest'
import {
  practiceHistoryPath,
  practicePath,
  practiceRequestsPath,
  practiceTermsPath,
  questionPath,
} from '../../src/console/court/court-paths.ts'
import { practiceLimits } from '../../src/courts/practice.ts'
import { findPractice } from '../../src/courts/practice-store.ts'
import type { CourtId } from '../../src/ids.ts'
import type { FormValues, HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { cleo, max, mona, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const hostile = `<script>window.hacked=1</script>"'><img src=x onerror=window.hacked=1>`

const test = kit()
  .override('people', [mona, max, cleo])
  .extend('atMonas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  .extend('atMaxs', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, max.username, onCleanup),
  )
  .extend('atCleos', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  .extend(
    'now',
    ({ signOn }) =>
      () =>
        findPractice(signOn.services.db, ncwb),
  )
  /** Opens a page with a form, and sends the form. */
  .extend(
    'send',
    ({ at }) =>
      async (browser: HttpClient, path: string, values: FormValues, form?: string) => {
        const page = await browser.get(at(path))
        return browser.submit(page.form(form ?? formAt(path)), values)
      },
  )

const formAt = (path: string) =>
  path.endsWith('/requests')
    ? 'requests-form'
    : path.endsWith('/terms')
      ? 'terms-form'
      : 'question-form'

const question = { label: 'Your law firm', kind: 'text', isRequired: 'no' }

describe('the manager of a court', () => {
  test('says which requests it takes, and each change is a version, dated, with who', async ({
    atMonas,
    atCleos,
    at,
    send,
    now,
    audited,
  }) => {
    expect((await atMonas.get(at(practicePath(ncwb)))).text).toContain(
      'the court takes no requests',
    )
    const chosen = {
      'takes-filing-only': 'yes',
      'takes-non-attorney': 'yes',
      'roles-trustee': 'yes',
      'often-daily-summary': 'yes',
      'format-text': 'yes',
      oldAccounts: 'clerk-links',
      lateAfterDays: '3',
    }
    const answer = await send(atMonas, practiceRequestsPath(ncwb), chosen)
    expect([answer.status, answer.location]).toEqual([303, at(practicePath(ncwb))])
    expect(await now()).toMatchObject({
      version: 1,
      takes: ['filing-only', 'non-attorney'],
      roles: ['trustee'],
      questions: [],
      terms: null,
      deliveryPreferences: ['daily-summary'],
      deliveryFormats: ['text'],
      oldAccounts: 'clerk-links',
      lateAfterDays: 3,
    })
    const seen = await atCleos.get(at(practicePath(ncwb)))
    expect(seen.text).toContain('Version 1, saved on')
    expect(seen.text).toContain('Mona Manager (mona-the-manager)')
    // A clerk reads it, and is led to no form.
    expect(seen.text).not.toContain('id="change-requests"')
    expect((await atCleos.get(at(practiceRequestsPath(ncwb)))).status).toBe(403)
    const [event] = await audited('court.practice-changed')
    expect(event).toMatchObject({
      courtId: 'ncwb',
      detail: {
        version: 1,
        members: [
          'takes',
          'roles',
          'deliveryPreferences',
          'deliveryFormats',
          'oldAccounts',
          'lateAfterDays',
        ],
      },
    })
    // The same again is no change.
    await send(atMonas, practiceRequestsPath(ncwb), {})
    expect((await now()).version).toBe(1)
    expect(await audited('court.practice-changed')).toHaveLength(1)
  })

  test('asks questions of its own, and changes, moves and removes them without a script', async ({
    atMonas,
    at,
    send,
    now,
  }) => {
    await send(atMonas, questionPath(ncwb, 'new'), question)
    await send(atMonas, questionPath(ncwb, 'new'), {
      label: 'Chapter',
      kind: 'choice',
      options: 'Chapter 7\r\n\r\n  Chapter 13 \r\n',
      isRequired: 'yes',
      'for-filing-only': 'yes',
    })
    await send(atMonas, questionPath(ncwb, 'new'), { ...question, label: 'Since', kind: 'date' })
    const [firm, chapter, since] = (await now()).questions
    expect(chapter).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{12}$/),
      label: 'Chapter',
      kind: 'choice',
      options: ['Chapter 7', 'Chapter 13'],
      isRequired: true,
      forKinds: ['filing-only'],
    })
    const labels = async () => (await now()).questions.map(({ label }) => label)
    await send(atMonas, questionPath(ncwb, since!.id), {}, 'up-form')
    await send(atMonas, questionPath(ncwb, firm!.id), {}, 'down-form')
    expect(await labels()).toEqual(['Since', 'Your law firm', 'Chapter'])
    await send(atMonas, questionPath(ncwb, firm!.id), { label: 'Your firm' })
    await send(atMonas, questionPath(ncwb, since!.id), {}, 'remove-form')
    expect(await labels()).toEqual(['Your firm', 'Chapter'])
    expect((await now()).questions[0]).toEqual({ ...firm, label: 'Your firm' })
    expect((await atMonas.get(at(questionPath(ncwb, since!.id)))).status).toBe(404)
    const history = await atMonas.get(at(practiceHistoryPath(ncwb)))
    expect(history.text).toContain('“Your law firm” (a text; optional)')
    expect(history.text).toContain('Order of the questions')
  })

  test('writes terms, whose version grows with the text and with nothing else', async ({
    atMonas,
    send,
    now,
  }) => {
    const text = 'First line.\nSecond line.'
    await send(atMonas, practiceTermsPath(ncwb), { terms: text })
    expect((await now()).terms).toEqual({ version: 1, text })
    await send(atMonas, practiceRequestsPath(ncwb), { lateAfterDays: '4' })
    expect((await now()).terms?.version).toBe(1)
    await send(atMonas, practiceTermsPath(ncwb), { terms: '' })
    expect((await now()).terms).toBeNull()
    await send(atMonas, practiceTermsPath(ncwb), { terms: text })
    expect((await now()).terms).toEqual({ version: 2, text })
  })

  test('who is the later of two is told what the other one saved, and loses nothing', async ({
    atMonas,
    atMaxs,
    at,
    send,
    now,
  }) => {
    const page = await atMaxs.get(at(practiceRequestsPath(ncwb)))
    await send(atMonas, practiceRequestsPath(ncwb), { lateAfterDays: '7' })
    const { version } = await now()
    const late = await atMaxs.submit(page.form('requests-form'), {
      'takes-federal-attorney': 'yes',
      lateAfterDays: '9',
    })
    expect(late.status).toBe(409)
    expect(late.text).toContain('Somebody else saved meanwhile')
    expect(late.text).toContain('Mona Manager (mona-the-manager)')
    expect(late.text).toContain('7 days')
    expect(await now()).toMatchObject({ version, lateAfterDays: 7 })
    const form = late.form('requests-form')
    expect(form.fields).toMatchObject({ 'takes-federal-attorney': 'yes', lateAfterDays: '9' })
    expect((await atMaxs.submit(form)).status).toBe(303)
    expect(await now()).toMatchObject({ version: version + 1, lateAfterDays: 9 })
  })

  test('who changes a question that is removed meanwhile can add what was typed', async ({
    atMonas,
    atMaxs,
    at,
    send,
    now,
  }) => {
    await send(atMonas, questionPath(ncwb, 'new'), { ...question, label: 'Soon gone' })
    const id = (await now()).questions.at(-1)!.id
    const page = await atMaxs.get(at(questionPath(ncwb, id)))
    await send(atMonas, questionPath(ncwb, id), {}, 'remove-form')
    const late = await atMaxs.submit(page.form('question-form'), { label: 'Not gone' })
    expect([late.status, late.text.includes('Somebody else saved meanwhile')]).toEqual([409, true])
    expect((await atMaxs.submit(late.form('question-form'))).status).toBe(303)
    expect((await now()).questions.at(-1)).toMatchObject({ label: 'Not gone' })
  })

  test('of twenty who save at once, one writes the next version', async ({ atMonas, at, now }) => {
    const page = await atMonas.get(at(practiceTermsPath(ncwb)))
    const { version } = await now()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        atMonas.submit(page.form('terms-form'), { terms: `The terms of ${index}` }),
      ),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([303, ...Array.from({ length: 19 }, () => 409)])
    expect((await now()).version).toBe(version + 1)
  })

  test('what is typed stays text, wherever it is shown', async ({ atMonas, at, send, now }) => {
    await send(atMonas, questionPath(ncwb, 'new'), {
      label: hostile,
      kind: 'choice',
      options: `${hostile}\nOther`,
      isRequired: 'no',
    })
    await send(atMonas, practiceTermsPath(ncwb), { terms: hostile })
    const { questions } = await now()
    expect(questions.at(-1)).toMatchObject({ label: hostile, options: [hostile, 'Other'] })
    for (const path of [
      practicePath(ncwb),
      practiceTermsPath(ncwb),
      practiceHistoryPath(ncwb),
      questionPath(ncwb, questions.at(-1)!.id),
    ]) {
      const { status, text } = await atMonas.get(at(path))
      expect([path, status, text.includes('<script>window'), text.includes('<img src=x')]).toEqual([
        path,
        200,
        false,
        false,
      ])
      expect(text).toContain('&lt;script&gt;window.hacked=1')
    }
  })

  test.for([
    [questionPath(ncwb, 'new'), { ...question, label: '' }, 'Enter the question'],
    [
      questionPath(ncwb, 'new'),
      { ...question, label: 'x'.repeat(201) },
      'Shorten it to 200 characters',
    ],
    [questionPath(ncwb, 'new'), { ...question, label: 'turned \u202e' }, 'invisible characters'],
    [questionPath(ncwb, 'new'), { ...question, kind: 'essay' }, 'Choose what it is answered with'],
    [
      questionPath(ncwb, 'new'),
      { ...question, kind: 'choice', options: 'One' },
      'Enter from 2 to 20',
    ],
    [
      questionPath(ncwb, 'new'),
      { ...question, kind: 'choice', options: 'One\nOne' },
      'Enter each choice once',
    ],
    [
      questionPath(ncwb, 'new'),
      { ...question, kind: 'choice', options: `One\n${'x'.repeat(101)}` },
      'Shorten each choice to 100 characters',
    ],
    [practiceTermsPath(ncwb), { terms: 'x'.repeat(4001) }, 'Shorten it to 4000 characters'],
    [practiceRequestsPath(ncwb), { lateAfterDays: '0' }, 'Enter a number of days from 1 to 60'],
    [practiceRequestsPath(ncwb), { lateAfterDays: '61' }, 'Enter a number of days from 1 to 60'],
    [practiceRequestsPath(ncwb), { oldAccounts: 'both' }, 'Choose what becomes of somebody'],
    [
      practiceRequestsPath(ncwb),
      { 'takes-non-attorney': 'yes', 'roles-trustee': undefined },
      'Choose at least one role',
    ],
  ] as const)(
    'is told at the field, with all that was typed: %$',
    async ([path, values, words], { atMonas, send, now }) => {
      const before = await now()
      const answer = await send(atMonas, path, values)
      expect([answer.status, answer.text.includes(words)]).toEqual([422, true])
      const [[name = '', typed] = []] = Object.entries(values)
      if (typed && !['kind', 'oldAccounts'].includes(name)) {
        expect(answer.forms().at(-1)?.fields[name] ?? typed).toBe(typed)
      }
      expect(await now()).toEqual(before)
    },
  )

  test('may say no more than the form asks: what else is sent is left out', async ({
    atMonas,
    at,
    now,
  }) => {
    const page = await atMonas.get(at(practiceRequestsPath(ncwb)))
    const { fields, action } = page.form('requests-form')
    const before = await now()
    const extra = {
      terms: 'planted',
      questions: '[]',
      courtId: 'ncwd',
      court: 'ncwd',
      changedBy: '00000000-0000-0000-0000-000000000000',
      'takes-everything': 'yes',
      'roles-attorney': 'yes',
      termsVersion: '99',
    }
    const headers = { origin: new URL(action).origin, 'sec-fetch-site': 'same-origin' }
    const sent = { ...fields, ...extra, lateAfterDays: '11' }
    expect((await atMonas.post(action, sent, headers)).status).toBe(303)
    expect(await now()).toEqual({ ...before, version: before.version + 1, lateAfterDays: 11 })
  })

  test('reads in words what differs between two versions', async ({ atMonas, at, send }) => {
    await send(atMonas, practiceRequestsPath(ncwb), { lateAfterDays: '12' })
    const history = await atMonas.get(at(practiceHistoryPath(ncwb)))
    const compared = await atMonas.submit(history.form('compare-form'), { from: '0', to: '1' })
    expect(compared.text).toContain('From version 0 to version 1')
    expect(compared.text).toContain('added: E-filing registration only; E-filing by people')
    const none = await atMonas.submit(history.form('compare-form'), { from: '1', to: '999' })
    expect(none.text).toContain('id="no-such-version"')
  })

  test('asks no more questions than fit', async ({ signOn, atMonas, at, send }) => {
    const questions = Array.from({ length: practiceLimits.questions }, (_, index) => ({
      id: `q${index}`,
      kind: 'text',
      label: `Question ${index}`,
      required: false,
    }))
    const page = await atMonas.get(at(questionPath(ncwb, 'new')))
    await signOn.apply({ courts: [{ id: ncwb, practice: { questions } }] })
    expect((await atMonas.get(at(questionPath(ncwb, 'new')))).status).toBe(409)
    const late = await atMonas.submit(page.form('question-form'), question)
    expect(late.status).toBe(409)
    const again = await atMonas.submit(late.form('question-form'))
    expect([again.status, again.text.includes('There is no room')]).toEqual([409, true])
    await send(atMonas, questionPath(ncwb, 'q0'), {}, 'remove-form')
    expect((await atMonas.get(at(questionPath(ncwb, 'new')))).status).toBe(200)
  })
})
