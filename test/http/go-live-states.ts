import { goLiveActContent, goLiveContent } from '../../src/console/go-live/go-live-page.ts'
import { goLivePath } from '../../src/console/go-live/go-live-paths.ts'
import { goLiveChangesFrom } from '../../src/courts/go-live-machine.ts'
import { goLiveStateWords } from '../../src/courts/go-live-words.ts'
import { type State, staff } from './support-states.ts'

const ncwb = {
  id: 'ncwb',
  name: 'U.S. Bankruptcy Court for the Western District of North Carolina',
}

const ofGoLive = (content: Parameters<typeof staff>[1]) => staff(goLivePath('ncwb'), content)

const stand = (words: string) => ({
  label: goLiveStateWords.announced,
  isLive: false,
  facts: [
    ['Go-live', 'On December 1, 2026, 8:00 a.m. Eastern time'],
    [
      'Filing is closed',
      'from November 27, 2026, 5:00 p.m. Eastern time until December 1, 2026, 8:00 a.m. Eastern time',
    ],
    ['In an emergency', words],
  ] as const,
  concerns: [
    ['Accounts of the old system', '5,000'],
    ['People with a right to file', '312'],
  ] as const,
})

const act = (words: string) => ({
  court: ncwb,
  zone: 'Eastern time',
  act: 'postpone' as const,
  stand: stand(words),
  csrf: 'token',
  version: 3,
  typed: {
    liveDay: '12/8/2026',
    liveTime: '12:00 p.m.',
    emergencyWay: words,
    noticesBefore: '60, 14, 3',
    noticesOn: 'yes',
    reason: words,
  },
})

/** The pages of a court's go-live. */
export const goLiveStates = (hostile: string): Readonly<Record<string, State>> => ({
  'go-live': ofGoLive(() =>
    goLiveContent({
      court: ncwb,
      stand: stand(hostile),
      acts: goLiveChangesFrom('announced'),
      isManager: true,
      versions: [
        {
          version: 2,
          done: 'Announced',
          moment: 'December 1, 2026, 8:00 a.m. Eastern time',
          at: 'October 1, 2026, 9:12 a.m. Eastern time',
          by: `${hostile} (mona-the-manager)`,
          reason: hostile,
        },
      ],
      problem: {
        heading: 'Nothing was done',
        text: 'This is not possible as the court stands now.',
      },
    }),
  ),
  'go-live-act': ofGoLive(() => goLiveActContent(act('Come to the counter in Charlotte.'))),
  'go-live-effect': ofGoLive(() =>
    goLiveActContent({
      ...act(hostile),
      effect: [
        'The court goes live on December 8, 2026, 12:00 p.m. Eastern time instead of December 1, 2026, 8:00 a.m. Eastern time. Until then everybody is told that it is not live.',
        '4,988 accounts of the old system were told of a go-live: whoever was told of another moment is told of this, once.',
        hostile,
      ],
    }),
  ),
  'go-live-problem': ofGoLive(() =>
    goLiveActContent({
      ...act(hostile),
      problem: {
        heading: 'Nothing was done',
        problems: [
          {
            path: ['liveTime'],
            message: 'Enter the time with a.m. or p.m., for example 8:00 a.m.',
          },
          { path: ['filingFromDay'], message: 'Enter the beginning and the end, or neither' },
          { path: ['reason'], message: 'Say why' },
        ],
      },
    }),
  ),
})
