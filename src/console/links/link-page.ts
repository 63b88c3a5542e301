import type { Court } from '../../courts/court.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { dayAt, formatDay } from '../../days.ts'
import type { Link } from '../../efiling/linking/link.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import { staffCourtPath } from '../court/court-paths.ts'
import type { ConsoleContent } from '../frame.ts'
import { importedAccountPath } from '../imported/imported-paths.ts'
import { personPath } from '../people/people-paths.ts'
import { nameOf } from '../requests/request-words.ts'
import {
  correctLinkPath,
  courtLinkPath,
  courtLinksPath,
  joinAccountPath,
  linkActPath,
} from './link-paths.ts'
import { linkState, readerWords } from './link-words.ts'
import type { PairOnPage } from './pair.ts'
import type { LinkProblem } from './refusal-words.ts'
import type { ListedLink } from './store.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type PageCourt = Pick<Court, 'id' | 'name' | 'timeZone'>

/** All links of a court, what is disputed first. */
export function linksContent(model: {
  court: PageCourt
  query: string
  contested: readonly ListedLink[]
  contestedCount: number
  links: readonly ListedLink[]
  isLater: boolean
  /** The id of the last one, where more follow. */
  before: string | undefined
}): ConsoleContent {
  const { court, before } = model
  const path = courtLinksPath(court.id)
  const listed = (link: ListedLink) => ({
    ...link,
    url: courtLinkPath(court.id, link.id),
    name: nameOf(link),
    linkedOn: formatDay(dayAt(link.linkedAt, court.timeZone)),
    state: linkState(link).label,
    contestedBy: link.contestedBy && readerWords[link.contestedBy],
    contestedAt: link.contestedAt && momentAtCourt(link.contestedAt, court),
  })
  return {
    title: 'Links',
    body: template('links', {
      ...model,
      path,
      home: staffCourtPath(court.id),
      contested: model.contested.map(listed),
      links: model.links.map(listed),
      next: before && `${path}?${new URLSearchParams({ before })}`,
    }),
  }
}

export const linkActs = ['settle', 'undo'] as const
export type LinkAct = (typeof linkActs)[number]

/** What a clerk decides about a link by one press. */
export const actWords: Readonly<
  Record<LinkAct, { readonly title: string; readonly meaning: string; readonly button: string }>
> = {
  settle: {
    title: 'Let the link stand',
    meaning:
      'You have made sure whose the old account is. The link is not among the disputed ones any more.',
    button: 'Let it stand',
  },
  undo: {
    title: 'Undo the link',
    meaning:
      'The right that came of the link ends at once, and both accounts are free: either can be linked again. The old password has been erased, so that you do it here then. Both addresses are told.',
    button: 'Undo the link',
  },
}

/** One link, with both sides and everything that happened to it. */
export function linkContent(model: {
  court: PageCourt
  link: Link
  pair: PairOnPage
  /** Names of who acted, by account. */
  names: ReadonlyMap<string, string>
  isOwn: boolean
  /** It is disputed, and nobody has decided yet. */
  isContested: boolean
  /** It has ended, and the old account is free. */
  isFree: boolean
  /** What had been decided ahead, and was superseded when the link was disputed. */
  stopped?: string | undefined
  problem?: LinkProblem | undefined
}): ConsoleContent {
  const { court, link, pair, isOwn, isContested, isFree, problem } = model
  const acts = [
    ...(isContested ? [{ id: 'settle', label: actWords.settle.button }] : []),
    { id: 'undo', label: actWords.undo.button },
  ].map((act) => ({ ...act, url: linkActPath(court.id, link.id, act.id) }))
  const correct = {
    id: 'correct',
    label: 'Correct it',
    url: correctLinkPath(court.id, link.id),
  }
  const join = {
    id: 'join',
    label: `Link ${pair.login} to a person`,
    url: joinAccountPath(court.id, link.importedId),
  }
  const open = isOwn ? [] : [...acts, correct]
  return {
    title: `${problem ? 'Error: ' : ''}${pair.login} and ${pair.name}`,
    body: template('link', {
      ...model,
      back: courtLinksPath(court.id),
      person: personPath(court.id, pair.number),
      state: linkState(link),
      facts: factsOf(model),
      imported: importedAccountPath(court.id, link.importedId),
      acts: link.endedAt ? (isFree ? [join] : []) : open,
    }),
  }
}

function factsOf({ court, link, names, stopped }: Parameters<typeof linkContent>[0]) {
  const at = (moment: Date) => momentAtCourt(moment, court)
  const by = (id: string | null) => (id && names.get(id)) || 'nobody who is known any more'
  const { contestedAt, contestedBy, settledAt, endedAt } = link
  const facts: [label: string, text: string][] = [
    ['Linked on', at(link.linkedAt)],
    [
      'Linked by',
      link.way === 'password'
        ? 'Its holder, with the old password'
        : link.way === 'verifier'
          ? 'Its holder, with the old password, which the court checked'
          : by(link.linkedBy),
    ],
  ]
  if (link.reason) facts.push(['Why', link.reason])
  if (link.namesDiffer) {
    facts.push(['Names', 'Different; whoever linked said that it is one person'])
  }
  if (contestedAt && contestedBy) {
    facts.push(['Disputed on', at(contestedAt)], ['Disputed by', readerWords[contestedBy]])
  }
  if (stopped) facts.push(['Decided ahead', stopped])
  if (settledAt) {
    facts.push(
      ['Let stand on', at(settledAt)],
      ['Let stand by', by(link.settledBy)],
      ['Why it stands', link.settleReason ?? ''],
    )
  }
  if (endedAt) {
    facts.push(
      ['Undone on', at(endedAt)],
      ['Undone by', by(link.endedBy)],
      ['Why it was undone', link.endReason ?? ''],
    )
  }
  return facts
}

/** One decision about a link, with its reason. */
export function linkActContent(model: {
  court: PageCourt
  linkId: string
  act: LinkAct
  pair: PairOnPage
  /** What comes of it for the right. */
  effects?: readonly string[]
  csrf: string
  typed: Fields
  problem?: LinkProblem | undefined
}): ConsoleContent {
  const { court, linkId, act, effects = [], problem } = model
  const words = actWords[act]
  return {
    title: `${problem ? 'Error: ' : ''}${words.title}`,
    body: template('link-act', {
      ...model,
      ...words,
      effects,
      action: linkActPath(court.id, linkId, act),
      back: courtLinkPath(court.id, linkId),
      problemOf: (field: string) => problemOf(problem?.problems ?? [], field),
    }),
  }
}
