import { filingIsApart, searchInWords } from '../../src/accounts/search-words.ts'
import { paths } from '../../src/paths.ts'
import type { PortalContent } from '../../src/portal/frame.ts'
import { nextSteps } from '../../src/portal/next-steps.ts'
import { accountClosedPage, closeContent } from '../../src/portal/settings/close-page.ts'
import { exportContent } from '../../src/portal/settings/export-page.ts'
import { usageContent } from '../../src/portal/usage/usage-page.ts'
import { accountInOrder as facts } from '../support/account-facts.ts'
import { clerksOfTwo } from './clerks.ts'

type State = (nonce: string) => string

const form = { action: '/taken', csrf: 'csrf-token' }
const now = new Date()
const longAgo = new Date(now.getTime() - 300 * 24 * 3600_000)

const unused = { ...facts, searchUsedAt: longAgo }
const notBilled = { ...facts, searchStatus: 'inactive' } as const

/** The steps of an account that nobody searched with for six months. */
export const searchAgainSteps = nextSteps(unused, [])

/** What one leaves, or takes along: searching, the file of what is kept, the end of the account. */
export const leavingStates = (
  inFrame: (nonce: string, path: string, content: PortalContent) => string,
  hostile: string,
): Record<string, State> => {
  const usage =
    (model: Partial<Parameters<typeof usageContent>[0]>): State =>
    (nonce) =>
      inFrame(nonce, paths.accountUsage, usageContent({ days: 90, uses: [], ...model }))
  const exporting =
    (model: Partial<Parameters<typeof exportContent>[0]>): State =>
    (nonce) =>
      inFrame(nonce, paths.accountExport, exportContent({ ...form, ...model }))
  const nothing = {
    courts: [],
    otherSessions: 0,
    vendors: [],
    waitingEmail: undefined,
    searches: false,
  }
  const everything = {
    courts: [
      {
        name: 'U.S. District Court for the Western District of North Carolina',
        label: 'Active',
      },
      { name: 'U.S. Court of Appeals for the Fourth Circuit', label: 'Waiting for the court' },
    ],
    clerks: clerksOfTwo,
    otherSessions: 2,
    vendors: ['Docket Filer', 'Filing Software'],
    waitingEmail: 'jane.quincy.doe.of.the.new.firm@a-rather-long-domain-name.example.com',
    searches: true,
  }
  const closing =
    (model: Partial<Parameters<typeof closeContent>[0]>): State =>
    (nonce) =>
      inFrame(
        nonce,
        paths.accountClose,
        closeContent({
          ...form,
          username: 'jdoe-carolina',
          number: '7123456',
          open: everything,
          emailTold: 'jane.quincy.doe@example.com',
          ...model,
        }),
      )
  return {
    'account-usage-search-again': usage({
      search: { ...searchInWords(unused, now), filingText: filingIsApart(unused), again: form },
    }),
    'account-usage-searches-again': usage({
      search: { ...searchInWords(facts, now), filingText: filingIsApart(facts), again: form },
      notice: { isDone: true, text: 'You can search cases again, from now on.' },
    }),
    'account-usage-not-searching': usage({
      search: { ...searchInWords(notBilled, now), again: form },
      notice: { isDone: false, text: hostile },
    }),
    'account-export': exporting({}),
    'account-export-limited': exporting({
      problem: { heading: 'You downloaded it several times', text: 'Wait 40 minutes.' },
    }),
    'account-close': closing({}),
    'account-close-nothing-open': closing({ open: nothing, emailTold: undefined }),
    'account-close-wrong': closing({
      typed: hostile,
      problem: {
        heading: 'Your account was not closed',
        problems: [{ path: ['username'], message: 'Type the username of this account' }],
      },
    }),
    'account-close-staff': closing({ bar: 'staff' }),
    'account-close-hostile': closing({
      username: hostile,
      number: hostile,
      emailTold: hostile,
      open: {
        ...everything,
        courts: [{ name: hostile, label: hostile }],
        vendors: [hostile],
        waitingEmail: hostile,
      },
    }),
    'account-closed': (nonce) => accountClosedPage({ nonce, number: '7123456' }),
  }
}
