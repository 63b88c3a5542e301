import { describe, expect, vi } from 'vitest'
import { staffCourtPath } from '../../src/console/court/court-paths.ts'
import { goLiveActPath, goLivePath } from '../../src/console/go-live/go-live-paths.ts'
import type { GoLiveChangeKind } from '../../src/courts/go-live-machine.ts'
import { findGoLivePlan, listGoLivePlans } from '../../src/courts/go-live-store.ts'
import type { CourtId } from '../../src/ids.ts'
import type { FormValues, HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { cleo, max, mona, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId

const test = kit()
  .override('people', [mona, max, cleo])
  .extend('atMonas', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, mona.username, onCleanup),
  )
  .extend('atMaxs', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, max.username, onCleanup),
  )
  .extend('atCleos', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  /** Asks what an act would do, as its form is filled in with these values. */
  .extend(
    'look',
    { scope: 'file' },
    ({ at }) =>
      async (browser: HttpClient, act: GoLiveChangeKind, values: FormValues = {}) => {
        const page = await browser.get(at(goLiveActPath(ncwb, act)))
        return browser.submit(page.form('look-form'), values)
      },
  )
  .extend(
    'plan',
    ({ signOn }) =>
      () =>
        findGoLivePlan(signOn.services.db, ncwb),
  )

const year = new Date().getUTCFullYear() + 1
const monday = { liveDay: `12/1/${year}`, liveTime: '8:00 a.m.' }

describe('the manager of a court', () => {
  test('takes it from a plan to the go-live and back, and reads before each step what would happen', async ({
    signOn,
    atMonas,
    atCleos,
    at,
    look,
    plan,
    audited,
  }) => {
    await signOn.apply({ courts: [{ id: 'ncwb', go_live_on: '2199-01-01' }] })
    expect((await atMonas.get(at(staffCourtPath(ncwb)))).text).toContain(goLivePath(ncwb))
    const shown = await atMonas.get(at(goLivePath(ncwb)))
    expect(shown.text).toContain('On January 1, 2199')
    for (const act of ['plan', 'announce', 'go-live', 'change']) {
      expect(shown.text).toContain(`id="act-${act}"`)
    }
    expect(shown.text).not.toContain('id="act-roll-back"')

    const looked = await look(atMonas, 'plan', {
      ...monday,
      filingFromDay: `11/27/${year}`,
      filingFromTime: '5 p.m.',
      filingUntilDay: `12/1/${year}`,
      filingUntilTime: '8:00 a.m.',
      emergencyWay: 'Call (704) 350-7400.\nSomebody answers.',
      noticesBefore: '14, 3',
      noticesAfter: '',
      reason: 'As the judges decided.',
    })
    expect(looked.status).toBe(200)
    expect(looked.text).toContain(
      `The court goes live on December 1, ${year}, 8:00 a.m. Eastern time`,
    )
    expect(looked.text).toContain('Filing is closed from')
    expect(looked.text).toContain('Nothing has been done yet.')
    expect((await plan())?.kind).toBe('set')
    const done = await atMonas.submit(looked.form('do-form'))
    expect([done.status, done.location]).toEqual([303, at(goLivePath(ncwb))])
    expect(await plan()).toMatchObject({
      kind: 'plan',
      liveAt: new Date(`${year}-12-01T13:00:00Z`),
      filingClosed: { until: new Date(`${year}-12-01T13:00:00Z`) },
      emergencyWay: 'Call (704) 350-7400.\nSomebody answers.',
      noticeDays: [-14, -3, 0],
      reason: 'As the judges decided.',
      announcedAt: null,
    })

    const does = async (act: GoLiveChangeKind, values: FormValues = {}) => {
      const { status } = await atMonas.submit((await look(atMonas, act, values)).form('do-form'))
      expect(status).toBe(303)
    }
    await does('announce')
    expect((await plan())?.filingClosed).not.toBeNull()
    await does('postpone', { liveDay: `12/8/${year}`, reason: 'The servers come late.' })
    await does('go-live')
    const back = await look(atMonas, 'roll-back', { reason: 'Nobody can file.' })
    expect(back.text).toContain('At once the court is not live for anybody')
    expect(back.text).toContain('Kept as they are, to hold again at the next go-live')
    expect((await atMonas.submit(back.form('do-form'))).status).toBe(303)

    const history = await atCleos.get(at(goLivePath(ncwb)))
    for (const words of [
      'Rolled back',
      'Nobody can file.',
      'Mona Manager',
      'The servers come late.',
    ]) {
      expect(history.text).toContain(words)
    }
    expect(history.text).toContain('The manager of the court changes it.')
    expect(history.text).not.toContain('id="acts"')
    expect((await atCleos.get(at(goLiveActPath(ncwb, 'go-live')))).status).toBe(403)
    const kinds = (await audited('court.go-live-changed')).map(
      ({ detail }) => (detail as { kind: string }).kind,
    )
    expect(kinds).toEqual(['set', 'plan', 'announce', 'postpone', 'go-live', 'roll-back'])
  })

  test('of two at once one is done, and the other is told by whom and keeps what was typed', async ({
    signOn,
    atMonas,
    atMaxs,
    look,
  }) => {
    const [hers, his] = await Promise.all([
      look(atMonas, 'plan', { ...monday, reason: 'By Mona' }),
      look(atMaxs, 'plan', { ...monday, liveTime: '12:00 p.m.', reason: 'By Max' }),
    ])
    const answers = await Promise.all([
      atMonas.submit(hers.form('do-form')),
      atMaxs.submit(his.form('do-form')),
    ])
    const late = answers.find(({ status }) => status === 409)!
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    expect(late.text).toContain('Somebody else changed the go-live meanwhile')
    expect(late.text).toMatch(/by (Mona|Max) Manager/)
    expect(late.form('look-form').fields).toMatchObject({ liveDay: monday.liveDay })
    const versions = await listGoLivePlans(signOn.services.db, ncwb)
    expect(versions.filter(({ reason }) => reason?.startsWith('By'))).toHaveLength(1)
  })

  test('is told at the field what is wrong with it, and nothing that was typed is lost', async ({
    atMonas,
    look,
    plan,
  }) => {
    const before = await plan()
    const cases: [GoLiveChangeKind, FormValues, string][] = [
      ['plan', { ...monday, liveDay: '12/31/9999' }, 'Enter the day as month, day and year'],
      ['plan', { ...monday, liveTime: '8' }, 'Enter the time with a.m. or p.m.'],
      ['plan', { ...monday, liveDay: '3/14/2027', liveTime: '2:30 a.m.' }, 'there is no such time'],
      ['plan', { ...monday, liveDay: '11/7/2027', liveTime: '1:30 a.m.' }, 'twice'],
      ['plan', { ...monday, liveDay: '1/1/2020' }, 'This moment has passed'],
      ['plan', { ...monday, liveDay: '1/1/2150' }, 'more than 5 years ahead'],
      ['change', { filingFromDay: '1/1/2027', filingFromTime: '8 a.m.' }, 'or neither'],
      ['change', { noticesBefore: 'two weeks' }, 'Enter whole numbers of days'],
      ['change', { closesDay: monday.liveDay, closesTime: '9 a.m.' }, '7 days after the go-live'],
      ['change', { emergencyWay: 'x'.repeat(1001) }, 'Shorten it to 1000 characters'],
    ]
    for (const [act, values, words] of cases) {
      const answer = await look(atMonas, act, values)
      expect([act, answer.status >= 400, answer.text.includes(words)]).toEqual([act, true, true])
      expect(answer.form('look-form').fields).toMatchObject(values)
    }
    expect(await plan()).toEqual(before)
  })

  test('of one of the 87 courts without a known day reads that it is live, and signs in again for a change after five minutes', async ({
    signOn,
    atMonas,
    at,
    plan,
  }) => {
    await signOn.apply({ courts: [{ id: 'ncwb', go_live_on: null }] })
    await signOn.services.db.prisma.court.update({
      where: { id: 'ncwb' },
      data: { liveBy: new Date('2023-01-10T00:00:00Z') },
    })
    await signOn.apply({ courts: [{ id: 'ncwb', go_live_on: '2199-01-01' }] })
    await signOn.apply({ courts: [{ id: 'ncwb', go_live_on: null }] })
    const shown = await atMonas.get(at(goLivePath(ncwb)))
    expect(shown.text).toContain('The day is not known; seen live by January 10, 2023')
    expect(shown.text).toMatch(/id="stand">Live</)
    const before = await plan()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 })
    const asked = await atMonas.get(at(goLiveActPath(ncwb, 'change')))
    expect(asked.status).toBe(303)
    expect(await plan()).toEqual(before)
  })
})
