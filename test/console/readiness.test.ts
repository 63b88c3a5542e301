import { describe, expect } from 'vitest'
import { findByNumber } from '../../src/accounts/store.ts'
import { byOperator } from '../../src/audit/by.ts'
import {
  groupLabels,
  linkGroupOf,
  linkGroups,
  noticeGroupOf,
  noticeGroups,
  type ReadinessState,
} from '../../src/console/readiness/groups.ts'
import { readinessGroupPath, readinessPath } from '../../src/console/readiness/readiness-paths.ts'
import { countLinkedOverTime, listReadiness } from '../../src/console/readiness/store.ts'
import type { GoLiveChange } from '../../src/courts/apply-go-live.ts'
import { changeGoLive } from '../../src/courts/change-go-live.ts'
import { insertNoticesOf } from '../../src/efiling/go-live/notice-store.ts'
import type { CourtId } from '../../src/ids.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { plantImported, plantLink } from '../support/imported-accounts.ts'
import { kit } from '../support/kit.ts'
import { cleo, openAs, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const hour = 3600_000
const liveAt = new Date(Date.now() - 50 * hour)
const before = new Date(liveAt.getTime() - hour)

const filers = Array.from({ length: 20 }, (_, index) => ({
  number: String(7_002_000 + index),
  user_type: 'attorney',
  username: `fay-filer-${index}`,
  given_name: 'Fay',
  family_name: 'Filer',
}))
const elsewhere = {
  ...cleo,
  number: '7300099',
  username: 'clerk-elsewhere',
  email: 'elsewhere@example.com',
  staff_roles: [{ role: 'clerk', court: 'ncwd' }],
}

/** The same at every run: a fault that it finds is found again. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * sides)
  }
}

const statuses = ['active', 'suspended', 'inactive'] as const
const roll = dice(11)
const states: readonly (ReadinessState & { readonly wasToldBefore: boolean })[] = Array.from(
  { length: 200 },
  (_, index) => ({
    isLinked: index < filers.length && roll(2) === 0,
    wasTried: roll(3) === 0,
    status: statuses[roll(3)]!,
    hasAddress: roll(4) > 0,
    isAddressRefused: roll(5) === 0,
    isTold: roll(2) === 0,
    wasToldBefore: roll(3) === 0,
  }),
)
const loginOf = (index: number) => `L-${String(index).padStart(3, '0')}`

const test = kit()
  .override('people', [cleo, elsewhere, ...filers])
  .extend('atCleos', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  /** A court that is live, and whose old accounts are in every state. */
  .extend('planted', { scope: 'file' }, async ({ signOn }) => {
    const { db } = signOn.services
    const change = async (what: GoLiveChange) => {
      const order = { courtId: ncwb, change: what, by: byOperator('test') }
      expect(await changeGoLive(db, order)).toMatchObject({ ok: true })
    }
    await change({ kind: 'set', liveAt: new Date(Date.now() + hour) })
    await change({ kind: 'announce' })
    // No wave is due, so that nobody is told beside those who are planted.
    await change({ kind: 'set', liveAt, noticeDays: [] })
    const accounts = states.map((state, index) => ({
      login: loginOf(index),
      name: index === 0 ? '=HYPERLINK("https://evil.test")' : 'Fay Filer',
      email: state.hasAddress ? `${index}@example.com` : null,
      status: state.status,
      triedAt: state.wasTried ? liveAt : null,
      addressRefusedAt: state.isAddressRefused ? liveAt : null,
    }))
    const ids = await plantImported(db, ncwb, accounts, before)
    const tell = (wave: string, told: Date, isFor: (state: (typeof states)[number]) => boolean) =>
      inTransaction(db, (tx) => {
        const notices = ids.flatMap((importedId, index) =>
          isFor(states[index]!) ? [{ importedId, mailId: importedId, liveAt: told }] : [],
        )
        return insertNoticesOf(tx, { courtId: ncwb, wave, at: before }, notices)
      })
    await tell('-14', liveAt, ({ isTold }) => isTold)
    await tell('-3', liveAt, ({ isTold }) => isTold)
    // Of another moment, or that this one is none any more: that is not told of it.
    await tell('-60', before, ({ wasToldBefore }) => wasToldBefore)
    await tell('rolled-back-9', liveAt, ({ wasToldBefore }) => wasToldBefore)
    for (const [index, state] of states.entries()) {
      if (!state.isLinked) continue
      const account = await findByNumber(db, filers[index]!.number)
      const link = { importedId: ids[index]!, accountId: account!.id }
      // Some were linked to somebody before, for an hour.
      if (index % 5 === 0) {
        const endedAt = new Date(liveAt.getTime() + 2 * hour)
        await plantLink(db, ncwb, { ...link, at: new Date(liveAt.getTime() + hour), endedAt })
      }
      await plantLink(db, ncwb, { ...link, at: new Date(liveAt.getTime() + 30 * hour) })
    }
    return { linked: states.filter(({ isLinked }) => isLinked).length }
  })

const inGroup = (group: string) =>
  states.flatMap((state, index) =>
    [linkGroupOf(state), noticeGroupOf(state)].some((each) => each === group)
      ? [loginOf(index)]
      : [],
  )

describe('the readiness of a court', () => {
  test('adds up: each imported account is in one group of either list, and in the list that it opens', async ({
    at,
    planted: _planted,
    atCleos,
  }) => {
    const page = await atCleos.get(at(readinessPath(ncwb)))
    expect(page.text).toContain('<strong>200</strong> accounts imported')
    for (const groups of [linkGroups, noticeGroups]) {
      const counts = groups.map((group) => {
        const [, count] = new RegExp(`id="count-${group}">(\\d+)<`).exec(page.text)!
        expect(`${group} ${count}`).toBe(`${group} ${inGroup(group).length}`)
        return Number(count)
      })
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200)
      // States that come up with nobody in them would hold nothing.
      expect(Math.min(...counts)).toBeGreaterThan(0)
    }
  })

  test('opens each list page by page, in the order of logins', async ({
    at,
    signOn,
    planted: _planted,
    atCleos,
  }) => {
    for (const group of [...linkGroups, ...noticeGroups]) {
      const rows = await listReadiness(signOn.services.db, ncwb, liveAt, {
        group,
        after: '',
        limit: 1000,
      })
      expect(rows.map(({ login }) => login)).toEqual(inGroup(group))
    }
    let page = await atCleos.get(at(readinessGroupPath(ncwb, 'told')))
    const logins: string[] = []
    for (;;) {
      logins.push(
        ...[...page.text.matchAll(/<strong>(L-\d+)<\/strong>/g)].map(([, login]) => login!),
      )
      if (!page.text.includes('id="next-page"')) break
      page = await atCleos.click(page, 'next-page')
    }
    expect(logins).toEqual(inGroup('told'))
    expect((await atCleos.get(at(readinessGroupPath(ncwb, 'nonsense')))).status).toBe(404)
  })

  test('is saved as a file in which nothing is computed, and that is recorded', async ({
    at,
    planted: _planted,
    atCleos,
    audited,
  }) => {
    const page = await atCleos.get(at(readinessGroupPath(ncwb, 'all')))
    const file = await atCleos.click(page, 'export')
    expect(file.headers['content-disposition']).toBe('attachment; filename="ncwb-all.csv"')
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8')
    const lines = file.text.replace(/^\uFEFF/, '').split('\r\n')
    expect(lines).toHaveLength(202)
    expect(lines[0]).toBe(
      'login,name,email,bar_number,status,linking,notices,told_at,tried_at,linked_at',
    )
    expect(lines[1]).toContain(`"'=HYPERLINK(""https://evil.test"")"`)
    expect(lines[1]).toContain(groupLabels[linkGroupOf(states[0]!)])
    expect(await audited('court.readiness-exported')).toMatchObject([
      { courtId: ncwb, actorKind: 'account', detail: { list: 'all' } },
    ])
  })

  test('shows the share of the linked over time as a picture with its table', async ({
    at,
    signOn,
    planted,
    atCleos,
  }) => {
    const moments = [1.5, 10, 40].map((hours) => new Date(liveAt.getTime() + hours * hour))
    const counts = await countLinkedOverTime(signOn.services.db, ncwb, [liveAt, ...moments])
    const twice = states.filter(({ isLinked }, index) => isLinked && index % 5 === 0).length
    expect(counts.map(({ imported, linked }) => [imported, linked])).toEqual([
      [200, 0],
      [200, twice],
      [200, 0],
      [200, planted.linked],
    ])
    const page = await atCleos.get(at(readinessPath(ncwb)))
    expect(page.text).toContain(`${Math.floor((planted.linked / 200) * 100)}%</strong> of the`)
    expect(page.text.match(/<circle /g)).toHaveLength(4)
    expect(page.text).toContain('aria-labelledby="share-title share-desc"')
    const [, table = ''] = page.text.split('id="shares"')
    expect(table.match(/data-label="Share"/g)).toHaveLength(4)
  })

  test('is nobody’s who does not work there', async ({ signOn, at, openBrowser }) => {
    const browser = openBrowser()
    await openAs(signOn, browser, elsewhere.username, '/staff')
    for (const path of [readinessPath(ncwb), readinessGroupPath(ncwb, 'all')]) {
      expect((await browser.get(at(path))).status).toBe(404)
    }
  })
})
