import { describe, expect, test } from 'vitest'
import { parseDay } from '../../src/days.ts'
import type { Right } from '../../src/efiling/right.ts'
import {
  efilingEntry,
  efilingStatus,
  type Holder,
  mayFile,
  permittedActions,
} from '../../src/efiling/standing.ts'

const day = (text: string) => parseDay(text)!
const at = new Date('2026-11-24T15:30:00Z')

const liveCourt = {
  type: 'district',
  goLiveOn: day('2021-08-30'),
  liveBy: null,
  timeZone: 'America/New_York',
  hasGoLivePlan: false,
  liveAt: null,
  filingClosedFrom: null,
  filingClosedUntil: null,
  // As of one that was live long before it came here.
  goLiveVersion: -1,
  requestVersion: 0,
  hasOpenRequest: false,
} as const
const individual: Holder = {
  type: 'individual',
  isUpgraded: true,
  state: 'active',
  held: null,
  holdVersion: 0,
}
const legacy: Holder = { ...individual, isUpgraded: false }
const shared: Holder = { ...individual, type: 'shared' }
const firm: Holder = { ...individual, type: 'firm' }
const closed: Holder = { ...individual, state: 'closed' }

const standing = (change: Partial<Right> = {}): Right => ({
  state: 'active',
  role: 'attorney',
  filerId: 'jdoe-ecf',
  isAdmitted: true,
  admittedUntil: null,
  actions: ['file', 'receive-notices'],
  keepsNotices: true,
  sinceOn: day('2021-09-02'),
  endsOn: null,
  version: 7,
  ...change,
})

describe('the status of a person at a court', () => {
  test.each([
    ['none where the court has decided nothing', undefined, 'none'],
    ['none where the court says so', standing({ state: 'none' }), 'none'],
    ['pending', standing({ state: 'pending' }), 'pending'],
    ['active', standing(), 'active'],
    ['suspended', standing({ state: 'suspended' }), 'suspended'],
    ['revoked', standing({ state: 'revoked' }), 'revoked'],
    ['lapsed after the last day', standing({ endsOn: day('2026-11-23') }), 'lapsed'],
    ['active on the last day', standing({ endsOn: day('2026-11-24') }), 'active'],
    ['active before the last day', standing({ endsOn: day('2026-11-25') }), 'active'],
    [
      'pending though a day has passed',
      standing({ state: 'pending', endsOn: day('2020-01-01') }),
      'pending',
    ],
    [
      'suspended though a day has passed',
      standing({ state: 'suspended', endsOn: day('2020-01-01') }),
      'suspended',
    ],
    [
      'revoked though a day has passed',
      standing({ state: 'revoked', endsOn: day('2020-01-01') }),
      'revoked',
    ],
  ])('is %s', (_, row, status) => {
    expect(efilingStatus(liveCourt, individual, row, at)).toBe(status)
  })

  test.each([
    ['Charlotte', 'America/New_York', '2026-11-24', '2026-11-25T05:00:00Z'],
    ['Charlotte in summer', 'America/New_York', '2026-07-01', '2026-07-02T04:00:00Z'],
    ['Charlotte, on the day of 25 hours', 'America/New_York', '2026-11-01', '2026-11-02T05:00:00Z'],
    ['Charlotte, on the day of 23 hours', 'America/New_York', '2026-03-08', '2026-03-09T04:00:00Z'],
    ['Hagåtña', 'Pacific/Guam', '2026-11-24', '2026-11-24T14:00:00Z'],
    ['Honolulu', 'Pacific/Honolulu', '2026-11-24', '2026-11-25T10:00:00Z'],
    ['Phoenix', 'America/Phoenix', '2026-07-01', '2026-07-02T07:00:00Z'],
    ['San Juan', 'America/Puerto_Rico', '2026-07-01', '2026-07-02T04:00:00Z'],
  ])('lapses at midnight in %s after its last day, not earlier', (_, timeZone, last, end) => {
    const court = { ...liveCourt, timeZone }
    const row = standing({ endsOn: day(last) })
    const lastMoment = new Date(new Date(end).getTime() - 1)
    expect(efilingStatus(court, individual, row, lastMoment)).toBe('active')
    expect(efilingStatus(court, individual, row, new Date(end))).toBe('lapsed')
  })

  test('begins at a court on its go-live day at midnight there', () => {
    const court = { ...liveCourt, goLiveOn: day('2026-11-25') }
    const lastMoment = new Date('2026-11-25T04:59:59.999Z')
    expect(efilingStatus(court, individual, standing(), lastMoment)).toBe('not-live')
    expect(efilingStatus(court, individual, standing(), new Date('2026-11-25T05:00:00Z'))).toBe(
      'active',
    )
  })

  test.each([
    ['is not known to be live', null, null, 'not-live'],
    ['goes live tomorrow', day('2026-11-25'), null, 'not-live'],
    ['goes live today', day('2026-11-24'), null, 'active'],
    ['went live', day('2020-01-01'), null, 'active'],
    ['was seen live', null, day('2022-12-01'), 'active'],
    ['goes live tomorrow, whatever was seen', day('2026-11-25'), day('2022-12-01'), 'not-live'],
  ])('at a court that %s', (_, goLiveOn, liveBy, status) => {
    const court = { ...liveCourt, goLiveOn, liveBy }
    expect(efilingStatus(court, individual, standing(), at)).toBe(status)
  })

  test.each([
    ['a shared account', shared],
    ['a firm', firm],
    ['a legacy account', legacy],
    ['a closed account', closed],
  ])('of %s is never above none', (_, holder) => {
    for (const status of ['none', 'pending', 'active', 'suspended', 'revoked'] as const) {
      const row = standing({ state: status })
      expect(efilingStatus(liveCourt, holder, row, at)).toBe('none')
      expect(efilingEntry(liveCourt, holder, row, 1_795_449_600, at)).toEqual({
        court_type: 'district',
        status: 'none',
        actions: [],
        version: 7,
      })
    }
  })
})

describe('an open request', () => {
  const asked = { ...liveCourt, hasOpenRequest: true, requestVersion: 1 }
  test.each([
    ['pending where there is nothing', undefined, 'pending'],
    ['pending where there was nothing', standing({ state: 'none' }), 'pending'],
    ['pending after a right that was given up', standing({ state: 'given-up' }), 'pending'],
    ['active still, for who has a right and asks for more', standing(), 'active'],
    ['suspended still', standing({ state: 'suspended' }), 'suspended'],
    ['revoked still', standing({ state: 'revoked' }), 'revoked'],
    ['lapsed still', standing({ endsOn: day('2026-11-23') }), 'lapsed'],
  ])('is told as %s', (_, row, status) => {
    expect(efilingStatus(asked, individual, row, at)).toBe(status)
    const before = efilingEntry(liveCourt, individual, row, undefined, at).version
    expect(efilingEntry(asked, individual, row, undefined, at).version).toBe(before + 1)
    expect(efilingStatus(asked, legacy, row, at)).toBe('none')
  })
})

describe('an admission', () => {
  test('is told where there is no right, until its last day is over', () => {
    const admitted = standing({ state: 'none', admittedUntil: day('2026-11-24') })
    const entry = efilingEntry(liveCourt, individual, admitted, undefined, at)
    expect(entry).toEqual({
      court_type: 'district',
      status: 'none',
      admitted: true,
      admitted_until: '2026-11-24',
      actions: [],
      version: 7,
    })
    const midnight = new Date('2026-11-25T05:00:00Z')
    const { admitted: _, admitted_until: __, ...rest } = entry
    expect(efilingEntry(liveCourt, individual, admitted, undefined, midnight)).toEqual({
      ...rest,
      version: 8,
    })
  })
})

describe('what a person may do', () => {
  const both = standing()
  test.each([
    ['not-live', both, []],
    ['none', both, []],
    ['pending', both, []],
    ['active', both, ['file', 'receive-notices']],
    ['active', standing({ actions: ['receive-notices'] }), ['receive-notices']],
    ['suspended', both, ['receive-notices']],
    ['suspended', standing({ actions: ['file'] }), []],
    ['suspended', standing({ keepsNotices: false }), []],
    ['active', standing({ actions: ['apply'] }), ['apply']],
    ['suspended', standing({ actions: ['apply', 'receive-notices'] }), ['receive-notices']],
    ['revoked', both, []],
    ['lapsed', both, []],
    ['active', undefined, []],
  ] as const)('with the status %s', (status, row, actions) => {
    expect(permittedActions(status, row)).toEqual(actions)
    expect(mayFile({ actions: permittedActions(status, row) })).toBe(
      (actions as readonly string[]).includes('file'),
    )
  })
})

describe('the entry of the claim', () => {
  test('of an active filer has everything that the court decided', () => {
    expect(efilingEntry(liveCourt, individual, standing(), 1_795_449_600, at)).toEqual({
      court_type: 'district',
      status: 'active',
      role: 'attorney',
      filer_id: 'jdoe-ecf',
      admitted: true,
      actions: ['file', 'receive-notices'],
      since: '2021-09-02',
      redaction_acknowledged_at: 1_795_449_600,
      version: 7,
    })
  })

  test.each(['active', 'suspended'] as const)(
    'of a person who is %s says until when the right holds, where it has a last day',
    (status) => {
      const row = standing({ state: status, endsOn: day('2027-06-30') })
      expect(efilingEntry(liveCourt, individual, row, undefined, at).until).toBe('2027-06-30')
    },
  )

  test('leaves out what the court has not said', () => {
    const row = standing({ role: null, filerId: null, sinceOn: null, isAdmitted: false })
    expect(efilingEntry(liveCourt, individual, row, undefined, at)).toEqual({
      court_type: 'district',
      status: 'active',
      admitted: false,
      actions: ['file', 'receive-notices'],
      version: 7,
    })
  })

  test.each(['pending', 'suspended', 'revoked'] as const)(
    'of a person who is %s has no redaction statement',
    (status) => {
      const entry = efilingEntry(
        liveCourt,
        individual,
        standing({ state: status }),
        1_795_449_600,
        at,
      )
      expect(entry).not.toHaveProperty('redaction_acknowledged_at')
      expect(entry).toMatchObject({ status, role: 'attorney', filer_id: 'jdoe-ecf' })
    },
  )

  test('at a court that is not live tells nothing of a decision', () => {
    const court = { ...liveCourt, type: 'bap', goLiveOn: null, goLiveVersion: 0 } as const
    expect(efilingEntry(court, individual, standing(), 1_795_449_600, at)).toEqual({
      court_type: 'bap',
      status: 'not-live',
      actions: [],
      version: 7,
    })
  })
})

describe('an account that is held', () => {
  const held = { since: 1_795_449_600, reason: 'support' } as const
  const holder: Holder = { ...individual, state: 'held', held, holdVersion: 3 }

  test.each(['none', 'pending', 'active', 'suspended', 'revoked'] as const)(
    'keeps what the court decided: %s, and nobody files or is notified with it',
    (status) => {
      const row = standing({ state: status })
      const before = efilingEntry(liveCourt, individual, row, undefined, at)
      expect(efilingEntry(liveCourt, holder, row, undefined, at)).toEqual({
        ...before,
        actions: [],
        held,
        version: before.version + 3,
      })
    },
  )

  test('is told also where a court has decided nothing, or is not live', () => {
    const entry = { status: 'none', actions: [], held, version: 3 }
    expect(efilingEntry(liveCourt, holder, undefined, undefined, at)).toMatchObject(entry)
    const court = { ...liveCourt, goLiveOn: null, goLiveVersion: 0 }
    expect(efilingEntry(court, holder, undefined, undefined, at)).toMatchObject({
      ...entry,
      status: 'not-live',
    })
  })

  test('is told also where a stricter state hides it', () => {
    const disabled: Holder = { ...holder, state: 'disabled' }
    expect(efilingEntry(liveCourt, disabled, standing(), undefined, at)).toMatchObject({
      actions: [],
      held,
    })
  })

  test('has a higher version after the hold than in it, and than before', () => {
    const released: Holder = { ...individual, holdVersion: 4 }
    const versions = [individual, holder, released].map(
      (each) => efilingEntry(liveCourt, each, standing(), undefined, at).version,
    )
    expect(versions).toEqual([7, 10, 11])
  })
})
