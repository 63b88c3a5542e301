import { inDigits } from '../../count-in-words.ts'
import { momentAtCourt } from '../../courts/court-time.ts'
import { dayAt, formatDay } from '../../days.ts'
import type { ImportedStatus } from '../../efiling/imported/imported-account.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import { staffCourtPath } from '../court/court-paths.ts'
import type { ConsoleContent } from '../frame.ts'
import {
  groupLabels,
  type LinkGroup,
  linkGroups,
  type NoticeGroup,
  noticeGroups,
  type ReadinessGroup,
} from './groups.ts'
import {
  everything,
  readinessExportPath,
  readinessGroupPath,
  readinessPath,
} from './readiness-paths.ts'
import { percentOf, sharePicture } from './share-picture.ts'
import type { LinkedShare, Readiness, ReadinessRow } from './store.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type PageCourt = { readonly id: string; readonly name: string; readonly timeZone: string }

/** How far a court is with its go-live. */
export function readinessContent(model: {
  court: PageCourt
  at: Date
  /** `Goes live on December 1, 2026, 8:00 a.m. Eastern time`. */
  goLiveText: string
  /** The moment that people are told of, in words; undefined while there is none. */
  toldMoment: string | undefined
  readiness: Readiness
  shares: readonly LinkedShare[]
}): ConsoleContent {
  const { court, readiness, shares } = model
  const countsOf = <Group extends ReadinessGroup>(
    groups: readonly Group[],
    counts: Readonly<Record<Group, number>>,
  ) =>
    groups.map((group) => ({
      group,
      label: groupLabels[group],
      count: inDigits(counts[group]),
      url: readinessGroupPath(court.id, group),
    }))
  return {
    title: 'Readiness',
    body: template('readiness', {
      court,
      home: staffCourtPath(court.id),
      goLiveText: model.goLiveText,
      toldMoment: model.toldMoment,
      at: momentAtCourt(model.at, court),
      imported: inDigits(readiness.imported),
      isEmpty: readiness.imported === 0,
      isOne: readiness.imported === 1,
      everything: readinessGroupPath(court.id, everything),
      lists: [
        {
          id: 'linking',
          heading: 'Linking',
          counts: countsOf<LinkGroup>(linkGroups, readiness.linking),
        },
        {
          id: 'notices',
          heading: 'Notices',
          counts: countsOf<NoticeGroup>(noticeGroups, readiness.notices),
        },
      ],
      share: percentOf({ imported: readiness.imported, linked: readiness.linking.linked }),
      picture: shares.length > 1 && sharePicture(shares),
      shares: shares.map((each) => ({
        at: momentAtCourt(each.at, court),
        imported: inDigits(each.imported),
        linked: inDigits(each.linked),
        share: percentOf(each),
      })),
    }),
  }
}

const statusLabels: Readonly<Record<ImportedStatus, string>> = {
  active: 'Active',
  suspended: 'Suspended',
  inactive: 'Not used any more',
}

/** The imported accounts of one group, or all. */
export function readinessGroupContent(model: {
  court: PageCourt
  /** Undefined: everything that is imported. */
  group: ReadinessGroup | undefined
  rows: readonly ReadinessRow[]
  isLater: boolean
  /** The login of the last one, where more follow. */
  after: string | undefined
}): ConsoleContent {
  const { court, group, after } = model
  const name = group ?? everything
  const path = readinessGroupPath(court.id, name)
  const heading = group ? groupLabels[group] : 'All imported accounts'
  const dayOf = (at: Date | null) => at && formatDay(dayAt(at, court.timeZone))
  return {
    title: heading,
    body: template('readiness-group', {
      court,
      heading,
      back: readinessPath(court.id),
      exportUrl: readinessExportPath(court.id, name),
      rows: model.rows.map((row) => ({
        login: row.login,
        name: row.name,
        email: row.email,
        barNumber: row.barNumber,
        status: statusLabels[row.status],
        linkedOn: dayOf(row.linkedAt),
        triedOn: dayOf(row.triedAt),
        toldOn: dayOf(row.toldAt),
      })),
      isLater: model.isLater,
      first: path,
      next: after && `${path}?${new URLSearchParams({ after })}`,
    }),
  }
}
