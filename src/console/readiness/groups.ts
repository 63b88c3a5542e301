import type { ImportedStatus } from '../../efiling/imported/imported-account.ts'

/**
 * How far linking has come with an imported account. Each is in one group, the first that fits:
 * - `linked`: it is somebody's now;
 * - `tried`: it is not, and somebody tried to link it and was refused;
 * - `closed`: neither, and the old system says that it is not used any more: it can be linked by nobody;
 * - `never-linked`: all others.
 */
export const linkGroups = ['linked', 'tried', 'never-linked', 'closed'] as const
export type LinkGroup = (typeof linkGroups)[number]

/**
 * Whether its holder knows of the go-live. Each is in one group, the first that fits:
 * - `without-address`: the old system knows no e-mail address;
 * - `refused`: a mail server refused the address for good;
 * - `told`: told of the moment that holds now, and not that it is taken back;
 * - `closed-untold`: the old system says that it is not used any more: it is told nothing;
 * - `not-told`: all others.
 */
export const noticeGroups = [
  'told',
  'not-told',
  'without-address',
  'refused',
  'closed-untold',
] as const
export type NoticeGroup = (typeof noticeGroups)[number]

export type ReadinessGroup = LinkGroup | NoticeGroup

/** What decides in which groups an imported account is. */
export type ReadinessState = {
  readonly isLinked: boolean
  readonly wasTried: boolean
  readonly status: ImportedStatus
  readonly hasAddress: boolean
  readonly isAddressRefused: boolean
  readonly isTold: boolean
}

/** The same as `linkGroupSql`, for one account. */
export function linkGroupOf({ isLinked, wasTried, status }: ReadinessState): LinkGroup {
  if (isLinked) return 'linked'
  if (wasTried) return 'tried'
  return status === 'inactive' ? 'closed' : 'never-linked'
}

/** The same as `noticeGroupSql`, for one account. */
export function noticeGroupOf(state: ReadinessState): NoticeGroup {
  if (!state.hasAddress) return 'without-address'
  if (state.isAddressRefused) return 'refused'
  if (state.isTold) return 'told'
  return state.status === 'inactive' ? 'closed-untold' : 'not-told'
}

/** `i` is the imported account, `l` its link, `t` that it was told. */
export const linkGroupSql = `CASE WHEN l.id IS NOT NULL THEN 'linked' WHEN i.tried_at IS NOT NULL THEN 'tried'
  WHEN i.status = 'inactive' THEN 'closed' ELSE 'never-linked' END`

export const noticeGroupSql = `CASE WHEN i.email IS NULL THEN 'without-address'
  WHEN i.address_refused_at IS NOT NULL THEN 'refused' WHEN t.told_at IS NOT NULL THEN 'told'
  WHEN i.status = 'inactive' THEN 'closed-untold' ELSE 'not-told' END`

export const groupLabels: Readonly<Record<ReadinessGroup, string>> = {
  linked: 'Linked',
  tried: 'Tried to link, and refused',
  'never-linked': 'Never linked',
  closed: 'Not used any more in the old system',
  told: 'Told of the go-live',
  'not-told': 'Not told',
  'without-address': 'Without an e-mail address',
  refused: 'E-mail address refused by a mail server',
  'closed-untold': 'Not used any more in the old system, and not told',
}

export function isReadinessGroup(text: unknown): text is ReadinessGroup {
  return typeof text === 'string' && Object.hasOwn(groupLabels, text)
}
