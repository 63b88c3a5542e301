import type { PortalContent } from '../../src/portal/frame.ts'
import {
  giveUpContent,
  nothingDecidedContent,
  type OwnRightOnPage,
  ownDecisionsContent,
} from '../../src/portal/rights/right-page.ts'
import { giveUpPath, ownDecisionsPath } from '../../src/portal/rights/right-paths.ts'

type State = (nonce: string) => string
type InFrame = (nonce: string, path: string, content: PortalContent) => string

const own = (words: string): OwnRightOnPage => ({
  courtName: 'U.S. Bankruptcy Court for the Western District of North Carolina',
  courtUrl: '/courts/ncwb',
  standing: { label: 'Active', text: 'You may file here.' },
  granted: `Attorney; File documents; CM/ECF account ${words}`,
  waiting: ['The right was ended, from July 4, 2031, 9:30 a.m. Eastern time on'],
  history: [
    {
      text: `The right was granted: Attorney; CM/ECF account ${words}`,
      reason: 'Undeliverable notices',
      message: words,
      at: 'November 27, 2026, 3:45 p.m. Eastern time',
      by: 'the court',
    },
  ],
})

/** What a court decided about the holder, and giving it up. */
export const ownRightStates = (inFrame: InFrame, hostile: string): Record<string, State> => {
  const decisions = (content: PortalContent): State => {
    return (nonce) => inFrame(nonce, ownDecisionsPath('ncwb'), content)
  }
  const form = { action: '/taken', csrf: 'csrf-token', seen: 3, back: '/account' }
  const problem = { heading: 'Nothing was given up', text: hostile }
  return {
    'own-decisions': decisions(ownDecisionsContent({ ...own(hostile), giveUpUrl: '/taken' })),
    'own-decisions-over': decisions(
      ownDecisionsContent({ ...own('jdoe'), granted: '', waiting: [], problem }),
    ),
    'own-decisions-none': decisions(nothingDecidedContent()),
    'give-up-right': (nonce) =>
      inFrame(nonce, giveUpPath('ncwb'), giveUpContent({ ...own(hostile), ...form })),
    'give-up-right-late': (nonce) =>
      inFrame(nonce, giveUpPath('ncwb'), giveUpContent({ ...own('jdoe'), ...form, problem })),
  }
}
