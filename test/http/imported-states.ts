import { importContent } from '../../src/console/imported/import-page.ts'
import {
  importedAccountContent,
  importedContent,
  unknownImportedContent,
} from '../../src/console/imported/imported-page.ts'
import { importedPath } from '../../src/console/imported/imported-paths.ts'
import type { ImportedAccount } from '../../src/efiling/imported/imported-account.ts'
import type { CourtId } from '../../src/ids.ts'
import { staff } from './support-states.ts'

type State = (nonce: string) => string

const court = {
  id: 'ncwb' as CourtId,
  name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
  timeZone: 'America/New_York',
}
const path = importedPath('ncwb')
const at = new Date('2026-11-20T15:00:00Z')

const account = (text: string): ImportedAccount => ({
  id: '4c1c9a3e-8b1c-4f62-9d0e-0a5f2f1f0001',
  courtId: court.id,
  login: text,
  name: text,
  email: 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com',
  barNumber: 'NC 12345',
  role: 'attorney',
  status: 'active',
  isAdmitted: true,
  admittedUntil: null,
  actions: ['file', 'receive-notices'],
  endsOn: null,
  hasPassword: true,
  importedAt: at,
  changedAt: at,
  triedAt: at,
  triesToldAt: null,
  addressRefusedAt: at,
})

const list = (text: string) =>
  importedContent({
    court,
    isManager: true,
    query: '',
    count: 5123,
    accounts: [account(text), account('rroe')],
    files: [
      { fileName: text, rows: 5123, added: 5000, changed: 12, importedAt: at, importedBy: text },
    ],
    isLater: false,
    after: 'rroe',
  })

const form = { court, csrf: 'csrf-token', maximumMegabytes: 8 }

/** The pages on which a court imports the accounts of its old system, and reads them. */
export const importedStates = (hostile: string): Record<string, State> => ({
  'imported-list': staff(path, () => list('jdoe')),
  'imported-list-hostile': staff(path, () => list(hostile)),
  'imported-one': staff(path, () =>
    importedAccountContent({
      court,
      account: account(hostile),
      acts: [{ id: 'link-it', url: path, label: 'Link it to a person' }],
      links: [
        {
          id: '1',
          number: '7123456',
          givenName: hostile,
          familyName: null,
          username: hostile,
          linkedAt: at,
          endedAt: at,
        },
      ],
    }),
  ),
  'imported-unknown': staff(path, () => unknownImportedContent(court)),
  'import-file': staff(path, () =>
    importContent({
      ...form,
      problem: { heading: 'The file was not read', atFile: 'Choose a file first' },
    }),
  ),
  'import-wrong': staff(path, () =>
    importContent({
      ...form,
      checked: {
        name: hostile,
        sentences: [],
        lines: [
          { line: 12, text: 'email: is no address like name@example.com' },
          { line: 1012, text: hostile },
        ],
      },
      problem: {
        heading: 'Nothing was imported',
        text: '2 things are wrong in the file. Mend all of them and send the file again.',
      },
    }),
  ),
  'import-checked': staff(path, () =>
    importContent({
      ...form,
      checked: {
        name: 'accounts.csv',
        sentences: [
          'The file has 5,123 accounts, in Windows-1252.',
          'It would import: 5,000 new, 12 changed, 110 as they are, 1 left alone, which somebody has by now.',
        ],
        lines: [{ line: 77, text: 'the CM/ECF account jdoe is somebody’s already' }],
        digest: 'a'.repeat(64),
      },
    }),
  ),
})
