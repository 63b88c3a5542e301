import { officeList } from '../../src/courts/office-list.ts'
import type { Question } from '../../src/courts/practice.ts'
import { linkInstead } from '../../src/efiling/requests/bar-words.ts'
import { requestInWords, waitsForWords } from '../../src/efiling/requests/request-words.ts'
import { statusWords } from '../../src/efiling/standing-words.ts'
import { paths } from '../../src/paths.ts'
import {
  checkContent,
  detailsContent,
  documentsContent,
  kindContent,
} from '../../src/portal/courts/ask-page.ts'
import { askPath } from '../../src/portal/courts/asking-paths.ts'
import {
  courtContent,
  courtListContent,
  noSuchContent,
} from '../../src/portal/courts/courts-page.ts'
import { requestContent, withdrawContent } from '../../src/portal/courts/request-page.ts'
import type { PortalContent } from '../../src/portal/frame.ts'

type State = (nonce: string) => string

const ncwb = 'U.S. Bankruptcy Court for the Western District of North Carolina'
const clerk = {
  reachUrl: '/courts/ncwb',
  offices: officeList('clerk', {
    offices: [
      {
        name: 'Charlotte',
        telephone: '(704) 350-7500',
        hours: 'Monday to Friday, 8:30 a.m. to 4:30 p.m.',
        timeZone: 'America/New_York',
      },
      { name: 'Asheville', telephone: null, hours: null, timeZone: 'America/New_York' },
    ],
    asOf: null,
  }),
}
const moment = 'November 27, 2026, 3:45 p.m. Eastern time'
const open = {
  number: '12345678',
  url: '/account/courts/ncwb/requests/12345678',
  isDraft: false,
  isOpen: true,
  ...waitsForWords.clerk,
  asked: 'Attorney admission and e-filing',
  when: `Sent on ${moment}.`,
}
const draft = {
  ...open,
  isDraft: true,
  isOpen: false,
  ...requestInWords({ state: 'draft', waitsFor: null }),
  when: `It is kept until ${moment}.`,
}
const denied = { ...open, isOpen: false, ...requestInWords({ state: 'denied', waitsFor: null }) }

/** The courts as the holder of an account meets them, and what is asked of them. */
export const askingStates = (
  inFrame: (nonce: string, path: string, content: PortalContent) => string,
  hostile: string,
): Record<string, State> => {
  const show =
    (content: PortalContent, path: string = paths.accountCourts): State =>
    (nonce) =>
      inFrame(nonce, path, content)
  const page = {
    ...clerk,
    courtName: ncwb,
    courtUrl: '/account/courts/ncwb',
    step: { number: 2, of: 4 },
    action: '/taken',
    csrf: 'csrf-token',
  }
  const list = (name: string) => ({
    query: '',
    type: '',
    types: [
      ['district', 'District courts'],
      ['bankruptcy', 'Bankruptcy courts'],
    ] as const,
    requests: [
      { ...open, courtName: name },
      { ...draft, number: '87654321', courtName: name },
    ],
    groups: [
      {
        type: 'bankruptcy',
        label: 'Bankruptcy courts',
        courts: [
          { id: 'ncwb', url: '/', name, seat: 'Charlotte, NC', label: name, canAsk: true },
          {
            id: 'ncmb',
            url: '/',
            name: ncwb,
            seat: null,
            label: 'Takes no new requests until it says so',
            canAsk: false,
          },
        ],
      },
    ],
  })
  const court = {
    ...clerk,
    court: { id: 'ncwb', name: ncwb },
    right: statusWords.none,
    askable: ['Attorney admission and e-filing', 'Pro hac vice'],
    askUrl: askPath('ncwb', 'kind'),
    earlier: [],
  }
  const kind = {
    ...page,
    typed: { asked: 'pro-hac-vice' },
    choices: [
      { value: 'admission-and-filing', label: 'Attorney admission and e-filing' },
      { value: 'pro-hac-vice', label: 'Pro hac vice' },
    ],
    notToChoose: [
      { label: 'Federal attorney', text: 'This court does not take this kind of request.' },
    ],
    linkFirst: true,
  }
  const question = (name: string, more: object = {}) => ({
    question: {
      kind: 'text' as Question['kind'],
      label: 'Who moves your admission?',
      isRequired: true,
    },
    name,
    value: undefined,
    problem: undefined,
    ...more,
  })
  const choices = (name: string, value?: string, problem?: string) => ({
    name,
    legend: 'How often is the court to send you its notices?',
    value,
    problem,
    choices: [
      { value: 'each-filing', label: 'At the time of filing (one e-mail per filing)' },
      { value: 'daily-summary', label: 'Once per day (daily summary)' },
    ],
  })
  const details = {
    ...page,
    asked: 'Pro hac vice',
    kindUrl: askPath('ncwb', 'kind'),
    practiceVersion: 3,
    own: {
      filedBefore: { name: 'answer-cso-filed-before', label: 'Did you file here before?' },
      oldLogin: {
        name: 'answer-cso-old-login',
        label: 'Your CM/ECF login at this court from before',
      },
    },
    questions: [
      question('answer-mover'),
      question('answer-since', {
        question: { kind: 'date', label: 'Admitted since', isRequired: false },
      }),
      question('answer-bar', {
        question: {
          kind: 'choice',
          label: 'Which bar?',
          isRequired: false,
          options: ['North Carolina', 'South Carolina'],
        },
      }),
    ],
    delivery: { frequency: choices('delivery-frequency') },
  }
  const problems = ['answer-cso-filed-before', 'answer-mover', 'delivery-frequency'].map(
    (field) => ({
      path: [field],
      message: 'Answer this question',
    }),
  )
  const document = { url: '/', name: 'certificate.pdf', about: 'PDF, 2.4 MB' }
  const documents = {
    ...page,
    questions: [
      {
        id: 'standing',
        field: 'answer-standing',
        label: 'Certificate of good standing',
        isRequired: true,
      },
    ],
    removeAction: '/removed',
    removeCsrf: 'csrf-token',
    detailsUrl: askPath('ncwb', 'details'),
    nextUrl: askPath('ncwb', 'check'),
  }
  const check = {
    ...page,
    asked: 'Pro hac vice',
    kindUrl: askPath('ncwb', 'kind'),
    detailsUrl: askPath('ncwb', 'details'),
    documentsUrl: askPath('ncwb', 'documents'),
    answers: [
      { field: 'answer-mover', label: 'Who moves your admission?', value: 'Jane Roe' },
      { field: 'answer-since', label: 'Admitted since' },
    ],
    documents: [{ field: 'answer-standing', label: 'Certificate', documents: [document] }],
    person: [
      { label: 'Name', value: 'Jane Quincy Doe' },
      { label: 'Bar numbers', value: 'None' },
    ],
    practiceVersion: 3,
    terms: {
      version: 2,
      paragraphs: ['You file under your own name.', 'A filing is a signature.'],
    },
    typed: {},
    isTold: true,
  }
  const request = {
    ...clerk,
    number: '12345678',
    courtName: ncwb,
    courtUrl: '/account/courts/ncwb',
    asked: 'Pro hac vice',
    state: waitsForWords.clerk,
    since: `Since ${moment}.`,
    isTold: true,
    history: [{ at: moment, text: 'You sent it to the court.' }],
    answers: [{ label: 'Who moves your admission?', value: 'Jane Roe' }],
    documents: [{ ...document, label: 'Certificate of good standing' }],
    withdrawUrl: '/withdraw',
  }
  const asked = {
    ...request,
    state: waitsForWords.you,
    history: [
      ...request.history,
      { at: moment, text: 'The clerk asked you something.', message: 'Which bar admitted you?' },
    ],
    answer: {
      action: '/taken',
      csrf: 'csrf-token',
      version: 3,
      question: 'Which bar admitted you?',
    },
  }
  return {
    'courts-of-account': show(courtListContent(list(ncwb))),
    'courts-of-account-none': show(
      courtListContent({ ...list(ncwb), query: 'nowhere', requests: [], groups: [] }),
    ),
    'courts-of-account-hostile': show(courtListContent({ ...list(hostile), query: hostile })),
    'court-of-account': show(courtContent({ ...court, linkFirst: { day: 'October 21, 2019' } })),
    'court-of-account-draft': show(
      courtContent({ ...court, inWork: draft, discard: { action: '/gone', csrf: 'csrf-token' } }),
    ),
    'court-of-account-request': show(courtContent({ ...court, inWork: open, earlier: [denied] })),
    'court-of-account-barred': show(
      courtContent({
        ...court,
        bar: {
          label: 'Needs an upgraded individual account',
          text: 'A legacy account can search cases, but not file.',
          next: { url: '/', label: 'Sign in again to upgrade' },
        },
      }),
    ),
    'court-of-account-unknown': show(noSuchContent('court')),
    'ask-kind': show(kindContent(kind)),
    'ask-kind-wrong': show(
      kindContent({
        ...kind,
        typed: {},
        problem: {
          heading: 'Choose what you ask for',
          problems: [{ path: ['asked'], message: 'Choose what you ask for' }],
        },
      }),
    ),
    'ask-details': show(detailsContent(details)),
    'ask-details-saved': show(detailsContent({ ...details, isSaved: true, keptUntil: moment })),
    'ask-details-link': show(
      detailsContent({
        ...details,
        problem: { heading: linkInstead.label, text: linkInstead.text },
      }),
    ),
    'ask-details-wrong': show(
      detailsContent({
        ...details,
        own: {
          ...details.own,
          filedBefore: { ...details.own.filedBefore, problem: 'Answer this question' },
        },
        questions: [
          question('answer-mover', { value: hostile, problem: 'Answer this question' }),
          question('answer-hostile', {
            question: { kind: 'text', label: hostile, isRequired: true },
          }),
        ],
        delivery: { frequency: choices('delivery-frequency', undefined, 'Answer this question') },
        problem: { heading: 'Your answers were not saved yet', problems },
      }),
    ),
    'ask-documents': show(documentsContent(documents)),
    'ask-documents-wrong': show(
      documentsContent({
        ...documents,
        questions: documents.questions.map((one) => ({
          ...one,
          document: { ...document, name: hostile },
          problem: 'Choose a PDF, JPEG or PNG file',
        })),
        problem: {
          heading: 'The file was not added',
          problems: [{ path: ['answer-standing'], message: 'Choose a PDF, JPEG or PNG file' }],
        },
      }),
    ),
    'ask-check': show(checkContent(check)),
    'ask-check-wrong': show(
      checkContent({
        ...check,
        isTold: false,
        asked: hostile,
        answers: [{ field: 'answer-mover', label: hostile, value: hostile }],
        terms: { version: 2, paragraphs: [hostile] },
        problem: {
          heading: 'The request was not sent',
          problems: [{ path: ['accept'], message: 'Accept the terms of this court' }],
        },
      }),
    ),
    'own-request': show(requestContent(request)),
    'own-request-sent': show(requestContent({ ...request, isSentNow: true })),
    'own-request-asked': show(requestContent(asked)),
    'own-request-further-wrong': show(
      requestContent({
        ...request,
        further: {
          action: '/taken',
          csrf: 'csrf-token',
          problem: 'Choose a PDF, JPEG or PNG file',
        },
        problem: {
          heading: 'The file was not added',
          problems: [{ path: ['file'], message: 'Choose a PDF, JPEG or PNG file' }],
        },
      }),
    ),
    'own-request-answer-wrong': show(
      requestContent({
        ...asked,
        answer: { ...asked.answer, typed: hostile, question: hostile, problem: 'Type your answer' },
        problem: {
          heading: 'Your answer was not sent',
          problems: [{ path: ['message'], message: 'Type your answer' }],
        },
      }),
    ),
    'own-request-over': show(
      requestContent({
        ...request,
        state: requestInWords({ state: 'withdrawn', waitsFor: null }),
        since: undefined,
        withdrawUrl: undefined,
      }),
    ),
    'own-request-withdraw': show(
      withdrawContent({
        number: '12345678',
        courtName: ncwb,
        asked: 'Pro hac vice',
        action: '/taken',
        csrf: 'csrf-token',
        version: 2,
        requestUrl: '/request',
      }),
    ),
  }
}
