import type { CourtId } from '../../ids.ts'
import type { CourtRole } from '../../staff/role.ts'
import type { Database } from '../../storage/db.ts'
import { changesWaiting } from '../changes/waiting.ts'
import { goLivePath } from '../go-live/go-live-paths.ts'
import { importedPath } from '../imported/imported-paths.ts'
import { courtLinksPath } from '../links/link-paths.ts'
import { linksWaiting } from '../links/waiting.ts'
import { peoplePath } from '../people/people-paths.ts'
import { readinessPath } from '../readiness/readiness-paths.ts'
import { courtRequestsPath } from '../requests/request-paths.ts'
import { requestsWaiting } from '../requests/waiting.ts'
import { courtStaffPath } from '../roles/court-staff-paths.ts'
import { changesPath, officesPath, practicePath } from './court-paths.ts'

/** Something that the people of a court do, as the home of their court lists it. */
export type CourtFeature = {
  /** Whom it opens to; a manager may do all that a clerk may. */
  readonly roles: readonly CourtRole[]
  path(courtId: CourtId): string
  readonly title: string
  readonly text: string
  /** What waits there, in a sentence; undefined where nothing does. */
  waits?(db: Database, courtId: CourtId): Promise<string | undefined>
}

/** Everything there is at a court, in its order: a new one is added here. */
export const courtFeatures: readonly CourtFeature[] = [
  {
    roles: ['clerk'],
    path: courtRequestsPath,
    title: 'Requests',
    text: 'What people ask of this court: who asks, what was sent with it, and the decision.',
    waits: async (db, courtId) => (await requestsWaiting(db, courtId))?.sentence,
  },
  {
    roles: ['clerk'],
    path: peoplePath,
    title: 'People',
    text: 'Who has something at this court: grant, change, suspend, reinstate and revoke rights, and admit to practice.',
  },
  {
    roles: ['clerk'],
    path: courtLinksPath,
    title: 'Links',
    text: 'Which account of the court’s old system is whose: what somebody disputes, and all others.',
    waits: async (db, courtId) => (await linksWaiting(db, courtId))?.sentence,
  },
  {
    roles: ['clerk'],
    path: changesPath,
    title: 'Changes of people',
    text: 'New names, addresses, telephone numbers and e-mail addresses that people ask this court to take over.',
    waits: async (db, courtId) => (await changesWaiting(db, courtId))?.sentence,
  },
  {
    roles: ['clerk'],
    path: goLivePath,
    title: 'Go-live',
    text: 'When the old login ends and the new one begins, when filing is closed for it, and whom that concerns.',
  },
  {
    roles: ['clerk'],
    path: readinessPath,
    title: 'Readiness',
    text: 'Who of the court’s old system was told of the go-live, who has linked, and who has not.',
  },
  {
    roles: ['clerk'],
    path: importedPath,
    title: 'Imported accounts',
    text: 'The accounts of the old CM/ECF of this court: import them from a file, look for one, download all.',
  },
  {
    roles: ['clerk'],
    path: practicePath,
    title: 'What this court takes',
    text: 'The kinds of request, the questions, the terms, and what becomes of accounts from before.',
  },
  {
    roles: ['clerk'],
    path: officesPath,
    title: 'Offices',
    text: 'Where the clerk is called, and when: every page that sends somebody to the clerk shows it.',
  },
  {
    roles: ['clerk'],
    path: courtStaffPath,
    title: 'Staff',
    text: 'Who works for this court here. Its manager adds clerks, and takes the role away.',
  },
]
