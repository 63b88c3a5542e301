import { requestKindLabels } from '../../courts/practice.ts'
import { dayAt, formatDay } from '../../days.ts'
import type { QueueCounts, QueuedRequest } from '../../efiling/requests/queue-store.ts'
import { waits } from '../../efiling/requests/request.ts'
import { askedInWords } from '../../efiling/requests/request-words.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { ConsoleContent } from '../frame.ts'
import { courtRequestPath, courtRequestsPath } from './request-paths.ts'
import { nameOf, standsLabel, waitsLabels } from './request-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type QueueCourt = { readonly id: string; readonly name: string; readonly timeZone: string }

/** What of the queue is shown, as the fields of the form and of the links. */
export type QueueQuery = {
  /** Whom it waits for; `open` for all of these, `done` for what is over. */
  readonly shows: string
  readonly kind: string
  /** At least so many days old. */
  readonly age: string
  readonly who: string
}

/** So far back it is listed and counted what was done. */
export const doneDays = 30
export const ages = ['3', '7', '14', '30'] as const

const anything = ['', 'All']
const choicesOf = {
  shows: [
    ...waits.map((each) => [each, `Waits for: ${waitsLabels[each].toLowerCase()}`]),
    ['open', 'Everything that is open'],
    ['done', `Done in the last ${doneDays} days`],
  ],
  kind: [anything, ...Object.entries(requestKindLabels)],
  age: [anything, ...ages.map((days) => [days, `${days} days old or older`])],
  who: [anything, ['me', 'Mine'], ['nobody', 'Taken on by nobody']],
}

export function isQueueChoice(field: keyof QueueQuery, value: string): boolean {
  return choicesOf[field].some(([known]) => known === value)
}

const labels = { shows: 'Show', kind: 'What is asked for', age: 'Age', who: 'Whose' } as const

/** The queue of a court: what it is shown of, and its counts. */
export function queueContent(model: {
  court: QueueCourt
  query: QueueQuery
  counts: QueueCounts
  lateAfterDays: number
  requests: readonly QueuedRequest[]
  isLater: boolean
  /** Where the next page begins; undefined on the last. */
  after: string | undefined
}): ConsoleContent {
  const { court, query, counts, requests, after } = model
  const path = courtRequestsPath(court.id)
  const addressOf = (more: Readonly<Record<string, string>>) =>
    `${path}?${new URLSearchParams({ ...query, ...more })}`
  const fields = ['shows', 'kind', 'age', 'who'] as const
  const isDone = query.shows === 'done'
  return {
    title: 'Requests',
    body: template('queue', {
      ...model,
      path,
      isDone,
      counts: [
        ...waits.map((each) => [
          `Wait for: ${waitsLabels[each].toLowerCase()}`,
          counts.waits[each],
        ]),
        [`Late: more than ${inDays(model.lateAfterDays)} with the clerk`, counts.late],
        ['Mine', counts.mine],
        [
          `Done in the last ${doneDays} days`,
          `${counts.approved} approved, ${counts.denied} denied, ${counts.withdrawn} ended without a decision`,
        ],
      ],
      filters: fields.map((name) => ({
        name,
        label: labels[name],
        choices: choicesOf[name],
        value: query[name],
      })),
      heading: choicesOf.shows.find(([value]) => value === query.shows)?.[1],
      requests: requests.map((request) => ({
        url: courtRequestPath(court.id, request.number),
        name: nameOf(request.filer),
        number: request.number,
        asksFor: askedInWords(request),
        sentOn: formatDay(dayAt(request.submittedAt, court.timeZone)),
        stands: standsLabel(request),
        isLate: request.isLate,
        assignedTo: request.assignedTo ? nameOf(request.assignedTo) : 'Nobody',
      })),
      first: addressOf({}),
      next: after && addressOf({ after }),
    }),
  }
}

function inDays(days: number): string {
  return `${days} day${days === 1 ? '' : 's'}`
}
