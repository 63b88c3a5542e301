import { displayName } from '../../accounts/account.ts'
import { courtFactLabel } from '../../accounts/account-changes.ts'
import { changeLines, changeTemplates } from '../../efiling/changes/change-lines.ts'
import { noticeStateLabels } from '../../efiling/changes/notice.ts'
import type { NoticeAtCourt } from '../../efiling/changes/store.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Problem } from '../../problem.ts'
import { dayAndTime } from '../../time-in-words.ts'
import { changePath, changesPath, staffCourtPath } from '../court/court-paths.ts'
import type { ConsoleContent } from '../frame.ts'
import { likeOwnWords } from '../like-own.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), changeTemplates)

/** As long as a court's reason is at most: it stands in a mail. */
export const longestReason = 250

type CourtOnPage = { readonly id: string; readonly name: string }
/** The names of who decided, by their ids. */
type Names = ReadonlyMap<string, string>

/** A page of a list; `next` is the last of it, where more follow. */
type PageOfNotices = {
  readonly notices: readonly NoticeAtCourt[]
  readonly next?: string | undefined
}

/** What a court is asked to take over, and what it decided last. */
export function changesContent(model: {
  court: CourtOnPage
  waiting: PageOfNotices
  /** How many wait in all. */
  count: number
  decided: PageOfNotices
  names: Names
  /** A further page of that list, alone. */
  only?: 'waiting' | 'decided' | undefined
}): ConsoleContent {
  const { court, names, waiting, decided } = model
  const path = changesPath(court.id)
  const nextOf = (list: string, next: string | undefined) =>
    next && `${path}?${new URLSearchParams({ [list]: next })}`
  return {
    title: `Changes of people: ${court.name}`,
    body: template('changes', {
      ...model,
      waiting: waiting.notices.map((notice) => onPage(notice, names)),
      decided: decided.notices.map((notice) => onPage(notice, names)),
      first: path,
      nextWaiting: nextOf('waiting', waiting.next),
      nextDecided: nextOf('decided', decided.next),
      back: { url: staffCourtPath(court.id), label: court.name },
    }),
  }
}

/** One of them, with the form to decide about it while it waits. */
export function changeContent(model: {
  court: CourtOnPage
  notice: NoticeAtCourt
  names: Names
  csrf: string
  typed?: Fields | undefined
  problems?: readonly Problem[] | undefined
  /** It is of whoever looks at it. */
  isOwn: boolean
  /** Whose it is has something in common with who looks at it. */
  isLikeOwn?: boolean
  /** Somebody wanted to decide, and it waits no more. */
  isLate?: boolean | undefined
}): ConsoleContent {
  const { court, notice, names, problems, typed = {}, isOwn, isLate } = model
  const shown = onPage(notice, names)
  return {
    title: `${problems || isLate ? 'Error: ' : ''}Change of ${shown.person}`,
    body: template('change', {
      court,
      csrf: model.csrf,
      typed,
      isOwn,
      likeOwn: model.isLikeOwn && likeOwnWords,
      isLate,
      notice: shown,
      summary: problems && { heading: 'Nothing was decided', problems },
      problem: (field: string) => problemOf(problems ?? [], field),
      action: shown.url,
      longestReason,
      back: { url: changesPath(court.id), label: 'Changes of people' },
    }),
  }
}

/** There is no such change at this court. */
export function noChangeContent(court: CourtOnPage): ConsoleContent {
  return {
    title: 'There is no such change at your court',
    body: template('no-change', {
      back: { url: changesPath(court.id), label: 'Changes of people' },
    }),
  }
}

function onPage(notice: NoticeAtCourt, names: Names) {
  const { endedAt, decidedBy, state } = notice
  return {
    ...notice,
    person: displayName(notice),
    before: changeLines(notice.before),
    after: changeLines(notice.after),
    label: courtFactLabel(notice.fact),
    stateLabel: noticeStateLabels[state],
    isWaiting: state === 'asked',
    askedAt: dayAndTime(notice.askedAt),
    endedAt: endedAt && dayAndTime(endedAt),
    by: decidedBy ? (names.get(decidedBy) ?? 'somebody at your court') : undefined,
    url: changePath(notice.courtId, notice.id),
  }
}
