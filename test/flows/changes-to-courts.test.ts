import { describe, expect } from 'vitest'
import { putAddress } from '../../src/accounts/take-address.ts'
import { byAccount, byOperator } from '../../src/audit/by.ts'
import { changePath, changesPath, staffCourtPath } from '../../src/console/court/court-paths.ts'
import { askCourts } from '../../src/efiling/changes/ask-courts.ts'
import { decideNotice } from '../../src/efiling/changes/decide-notice.ts'
import { listNoticesOf } from '../../src/efiling/changes/store.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import { inTransaction } from '../../src/storage/db.ts'
import { sql } from '../support/database.ts'
import type { FormValues, HttpClient } from '../support/http-client.ts'
import { kit } from '../support/kit.ts'
import { active, carla, jane, nora } from '../support/people.ts'
import { wordsOf } from '../support/registration.ts'
import { cleo, max, openAs, openDesk } from '../support/staff.ts'

const ncwb = 'ncwb' as CourtId
const hostile = `<script>window.hacked=1</script>"'><img src=x onerror=window.hacked=1>`

const filer = (n: number, courts: readonly string[]) => ({
  ...jane,
  number: `720500${n}`,
  username: `changes-${n}`.padEnd(12, 'x'),
  email: `changes-${n}@firm.example`,
  standings: courts.map((court) => active(court, `changes-${n}-${court}`)),
})
const inTwo = filer(1, ['ncwd', 'ncwb'])
const mover = filer(2, ['ncwb'])
const many = filer(3, ['ncwb'])
/** Works in the clerk's office of ncwb, and files there. */
const both = { ...cleo, ...filer(4, ['ncwb']), staff_roles: cleo.staff_roles }
/** Reads the mailbox that `both` changes to. */
const twin = { ...both, ...filer(5, []), email: 'new+office@x.example' }

const test = kit()
  .override('people', [inTwo, mover, many, both, twin, cleo, max, carla, nora])
  .extend('atCleos', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, cleo.username, onCleanup),
  )
  .extend('atMaxs', { scope: 'file' }, ({ signOn }, { onCleanup }) =>
    openDesk(signOn, max.username, onCleanup),
  )
  /** Changes the name of whoever is signed in there. */
  .extend(
    'rename',
    ({ signOn, isOurs }) =>
      async (browser: HttpClient, username: string, familyName: string) => {
        const page = await openAs(signOn, browser, username, paths.accountPerson)
        const form = page.form('person-form')
        return browser.followWhile(await browser.submit(form, { familyName, phone }), isOurs)
      },
  )
  /** Sends the page on which courts are chosen. @param boxes the values of those that are ticked. */
  .extend(
    'ask',
    ({ at, isOurs }) =>
      async (browser: HttpClient, boxes: readonly string[], values: FormValues) => {
        const page = await browser.get(at(paths.accountCourtChanges))
        const { csrf = '' } = page.form('court-changes-form').fields
        const ticked = Object.fromEntries(boxes.map((value, n) => [`tell-${n}`, value]))
        const sent = await browser.post(at(paths.accountCourtChanges), {
          csrf,
          ...ticked,
          ...values,
        })
        return browser.followWhile(sent, isOurs)
      },
  )
  .extend('noticesOf', ({ signOn }) => async (number: string) => {
    const { db } = signOn.services
    const [row] = await sql<{ id: AccountId }>(
      db,
      `SELECT id::text AS id FROM accounts WHERE number = '${number}'`,
    )
    if (!row) throw new Error(`there is no account ${number}`)
    return { id: row.id, notices: await listNoticesOf(db, row.id) }
  })

/** What came of each that got a connection in time: on a busy machine not all of twenty do. */
async function answersOf<Value>(all: readonly Promise<Value>[]): Promise<Value[]> {
  const settled = await Promise.allSettled(all)
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

const reason = 'I have married.'
const phone = '(704) 350-7400'

describe('a change of a person', () => {
  test('is told to the courts that its holder chooses, and taken over by the clerk of each', async ({
    browser,
    at,
    rename,
    ask,
    noticesOf,
    atCleos,
    atMaxs,
    audited,
    inbox,
  }) => {
    const saved = await rename(browser, inTwo.username, 'Carolina')
    expect(saved.text).toContain(`id="tell-courts" href="${paths.accountCourtChanges}"`)
    const page = await browser.get(at(paths.accountCourtChanges))
    expect(wordsOf(page)).toContain('never the address at which a court serves you')
    expect(wordsOf(page)).toContain('Maintain Your CM/ECF Account')
    const boxes = [...page.text.matchAll(/type="checkbox"[^>]*value="([^"]*)"/g)]
    expect(boxes.map(([, value]) => value)).toEqual([
      'name ncwb',
      'name ncwd',
      'phone ncwb',
      'phone ncwd',
    ])
    expect(page.text).not.toMatch(/type="checkbox"[^>]*checked/)

    const asked = await ask(browser, ['name ncwb'], { reason, scope: 'Chapter 7 alone' })
    expect(asked.status).toBe(200)
    expect(wordsOf(asked)).toContain('The courts that you chose are asked')
    // The other court is asked nothing, and can be later.
    expect(asked.text).toContain('value="name ncwd"')
    expect(asked.text).not.toContain('value="name ncwb"')
    const { id, notices } = await noticesOf(inTwo.number)
    expect(notices).toMatchObject([
      {
        courtId: 'ncwb',
        fact: 'name',
        before: [`${jane.given_name} ${jane.family_name}`],
        after: [`${jane.given_name} Carolina`],
        state: 'asked',
      },
    ])
    for (const path of [paths.staff, staffCourtPath(ncwb)]) {
      const home = await atCleos.get(at(path))
      expect(home.text).toContain('1 change of a person waits for the clerk')
    }

    const path = at(changePath(ncwb, notices[0]!.id))
    const shown = wordsOf(await atCleos.get(path))
    for (const words of [`${jane.given_name} Carolina`, reason, 'Chapter 7 alone', inTwo.number]) {
      expect(shown).toContain(words)
    }
    const late = await atMaxs.get(path)
    const decided = await atCleos.submit((await atCleos.get(path)).form('change-form'), {
      state: 'taken-over',
    })
    expect([decided.status, decided.location]).toEqual([303, at(changesPath(ncwb))])
    const second = await atMaxs.submit(late.form('change-form'), {
      state: 'declined',
      reason: 'Not in our records.',
    })
    expect(second.status).toBe(409)
    expect(wordsOf(second)).toContain('Cleo Clerk (cleo-the-clerk) was first')

    const after = wordsOf(await browser.get(at(paths.accountCourtChanges)))
    expect(after).toContain('Taken over on')
    const mails = await inbox(inTwo.email)
    const mail = mails.find(({ subject }) => subject.startsWith('The court took over your change'))
    expect(mail?.text).toContain('take over a change: name')
    const about = { accountId: id, courtId: 'ncwb' }
    expect(await audited('notice-of-change.asked', about)).toMatchObject([
      { actorId: id, detail: { fact: 'name' } },
    ])
    expect(await audited('notice-of-change.decided', about)).toMatchObject([
      { detail: { fact: 'name', decision: 'taken-over' } },
    ])
  })

  test('that a court declines has its reason, and can be asked again, withdrawn, and asked anew', async ({
    browser,
    at,
    rename,
    ask,
    noticesOf,
    atCleos,
    audited,
    inbox,
  }) => {
    await rename(browser, mover.username, 'Moved')
    await rename(browser, mover.username, 'Movedagain')
    await ask(browser, ['name ncwb'], { reason: hostile, scope: hostile })
    const [first] = (await noticesOf(mover.number)).notices
    // Two changes are one: from what the court knows to what is there now.
    expect(first).toMatchObject({
      before: [`${jane.given_name} ${jane.family_name}`],
      after: [`${jane.given_name} Movedagain`],
    })
    const path = at(changePath(ncwb, first!.id))
    const page = await atCleos.get(path)
    expect(page.text).toContain('&lt;script&gt;window.hacked=1')
    expect(page.text).not.toContain('<script>window')
    const empty = await atCleos.submit(page.form('change-form'), { state: 'declined', reason: ' ' })
    expect(empty.status).toBe(422)
    expect(wordsOf(empty)).toContain('Write why your court declines it')
    const nothing = await atCleos.submit(page.form('change-form'), { reason: 'kept' })
    expect([nothing.status, nothing.text.includes('value="kept"')]).toEqual([422, true])
    await atCleos.submit(page.form('change-form'), {
      state: 'declined',
      reason: 'Send the decree.',
    })
    expect(wordsOf(await browser.get(at(paths.accountCourtChanges)))).toContain('Send the decree.')
    const told = (await inbox(mover.email)).find(({ subject }) => subject.includes('declined'))
    expect(told?.text).toContain('The court writes: Send the decree.')

    const again = await ask(browser, ['name ncwb'], { reason })
    const [second] = (await noticesOf(mover.number)).notices
    await browser.submit(again.form(`withdraw-${second!.id}`))
    expect(await audited('notice-of-change.withdrawn')).toMatchObject([{ courtId: 'ncwb' }])
    expect((await noticesOf(mover.number)).notices.map(({ state }) => state)).toEqual([
      'withdrawn',
      'declined',
    ])
    const back = await browser.get(at(paths.accountCourtChanges))
    expect(back.text).toContain('value="name ncwb"')
    expect((await atCleos.get(at(changePath(ncwb, second!.id)))).text).not.toContain('change-form')
  })

  test('is asked with a court and a reason, and of no other court than one’s own', async ({
    browser,
    openBrowser,
    signOn,
    rename,
    ask,
    noticesOf,
  }) => {
    await rename(browser, inTwo.username, 'Northern')
    const bare = await ask(browser, [], { reason: ' ', scope: 'x'.repeat(201) })
    expect(bare.status).toBe(422)
    for (const words of ['Choose at least one court', 'Write why', 'Shorten it to 200']) {
      expect(wordsOf(bare)).toContain(words)
    }
    const kept = await ask(browser, ['name ncwd'], { reason: 'x'.repeat(501) })
    expect(kept.status).toBe(422)
    expect(kept.text).toMatch(/value="name ncwd"[^>]* checked/)
    const before = (await noticesOf(inTwo.number)).notices.length
    const foreign = await ask(browser, ['name ca4', 'email ncwd'], { reason })
    expect(foreign.status).toBe(409)
    expect((await noticesOf(inTwo.number)).notices).toHaveLength(before)
    // Where somebody has nothing, there is nobody to tell.
    const none = await openAs(signOn, openBrowser(), nora.username, paths.accountCourtChanges)
    expect(wordsOf(none)).toContain('You have nothing at any court')
  })

  test('of another court, or of oneself, is nobody’s to decide', async ({
    signOn,
    at,
    atCleos,
    noticesOf,
    onTestFinished,
  }) => {
    const { db } = signOn.services
    const { id } = await noticesOf(both.number)
    await inTransaction(db, async (tx) => {
      const { username, number, email } = both
      const about = {
        before: { username, number, email, isEmailVerified: true },
        email: 'new@x.example',
      }
      await putAddress(tx, { accountId: id, change: 'none', ...about }, byOperator('test'))
      const chosen = [{ courtId: ncwb, fact: 'email' }] as const
      await askCourts(tx, { accountId: id, chosen, reason, scope: null }, byAccount(id, {}))
    })
    const [notice] = (await noticesOf(both.number)).notices
    expect(notice).toMatchObject({ before: [both.email], after: ['new@x.example'] })
    const atOwn = await openDesk(signOn, both.username, onTestFinished)
    const own = await atOwn.get(at(changePath(ncwb, notice!.id)))
    expect(own.text).toContain('This is your own change')
    expect(own.text).not.toContain('change-form')
    const court = { id: ncwb, name: 'ncwb' }
    const decision = { state: 'taken-over' } as const
    const decide = (by: AccountId) =>
      inTransaction(db, (tx) =>
        decideNotice(tx, { court, id: notice!.id, decision }, byAccount(by, {})),
      )
    expect(await decide(id)).toMatchObject({ reason: 'not-own' })
    const { id: twinId } = await noticesOf(twin.number)
    expect(await decide(twinId)).toMatchObject({ reason: 'not-own' })
    const { id: clerkOfNcwd } = await noticesOf(carla.number)
    expect(await decide(clerkOfNcwd)).toMatchObject({ reason: 'not-yours' })
    const atCarlas = await openDesk(signOn, carla.username, onTestFinished)
    expect((await atCarlas.get(at(changePath('ncwd', notice!.id)))).status).toBe(404)
    expect((await atCarlas.get(at(changePath(ncwb, notice!.id)))).status).toBe(404)
    for (const none of ['999999999', 'no-number', '9'.repeat(40)]) {
      expect((await atCleos.get(at(changePath(ncwb, none)))).status).toBe(404)
    }
  })

  test('is asked once and decided once, of twenty at once', async ({
    signOn,
    browser,
    rename,
    noticesOf,
    audited,
    inbox,
  }) => {
    const { db } = signOn.services
    await rename(browser, many.username, 'Twenty')
    const { id: accountId } = await noticesOf(many.number)
    const twenty = Array.from({ length: 20 })
    const chosen = [{ courtId: ncwb, fact: 'name' }] as const
    const asked = await answersOf(
      twenty.map(() =>
        inTransaction(db, (tx) =>
          askCourts(tx, { accountId, chosen, reason, scope: null }, byAccount(accountId, {})),
        ),
      ),
    )
    expect(asked.filter(({ ok }) => ok)).toHaveLength(1)
    const { notices } = await noticesOf(many.number)
    expect(notices).toHaveLength(1)
    const clerks = [await noticesOf(cleo.number), await noticesOf(max.number)]
    const court = { id: ncwb, name: 'a court' }
    const decided = await answersOf(
      twenty.map((_, n) =>
        inTransaction(db, (tx) =>
          decideNotice(
            tx,
            { court, id: notices[0]!.id, decision: { state: 'taken-over' } },
            byAccount(clerks[n % 2]!.id, {}),
          ),
        ),
      ),
    )
    expect(decided.filter(({ ok }) => ok)).toHaveLength(1)
    for (const each of decided) {
      if (!each.ok)
        expect(each).toMatchObject({ reason: 'not-waiting', notice: { state: 'taken-over' } })
    }
    expect(await audited('notice-of-change.decided')).toHaveLength(1)
    const told = (await inbox(many.email)).filter(({ subject }) => subject.includes('took over'))
    expect(told).toHaveLength(1)
  })

  test('is one of a list that a court reads to its end, page by page', async ({
    signOn,
    at,
    atCleos,
    noticesOf,
  }) => {
    const { db } = signOn.services
    const { id } = await noticesOf(many.number)
    const { id: clerk } = await noticesOf(cleo.number)
    const add = (from: number, to: number, state: string) =>
      sql(
        db,
        `INSERT INTO notices_of_change (account_id, court_id, fact, before, after, up_to_change, reason,
            state, asked_at, ended_at, decided_by)
          SELECT a.id, 'ncwb', 'phone', '{}', '{}', 0, 'page ' || n, $2, now(),
            CASE WHEN $2 <> 'asked' THEN now() - make_interval(mins => n) END,
            CASE WHEN $2 <> 'asked' THEN $3::uuid END
          FROM generate_series($1::int, $4::int) n
            JOIN accounts a ON a.number = (7206000 + n)::text OR ($2 <> 'asked' AND a.id = $5::uuid)`,
        [from, state, clerk, to, id],
      )
    await signOn.apply({
      accounts: Array.from({ length: 60 }, (_, n) => ({
        ...jane,
        number: String(7206000 + n),
        username: `paged-${n}-person`,
        email: `paged-${n}@firm.example`,
        standings: [],
      })),
    })
    await add(0, 59, 'asked')
    await add(100, 129, 'taken-over')
    const first = await atCleos.get(at(changesPath(ncwb)))
    const idsIn = (text: string) => [...text.matchAll(/id="change-(\d+)"/g)].map(([, each]) => each)
    const decidedIn = (text: string) => text.match(/(Taken over|Declined) on/gi)?.length ?? 0
    expect(idsIn(first.text)).toHaveLength(50)
    expect(decidedIn(first.text)).toBe(20)
    const second = await atCleos.click(first, 'next-waiting')
    const all = [...idsIn(first.text), ...idsIn(second.text)]
    expect(all).toHaveLength(new Set(all).size)
    const waiting = await sql<{ count: number }>(
      db,
      `SELECT count(*)::int FROM notices_of_change WHERE court_id = 'ncwb' AND state = 'asked'`,
    )
    expect(all).toHaveLength(waiting[0]!.count)
    expect(second.text).not.toMatch(/id="next-waiting"|id="decided"/)
    const older = await atCleos.click(first, 'next-decided')
    expect(decidedIn(older.text)).toBeGreaterThanOrEqual(10)
    expect(older.text).not.toMatch(/id="next-decided"|id="waiting"/)
    expect(idsIn((await atCleos.click(older, 'first-page')).text)).toEqual(idsIn(first.text))
    for (const none of ['?waiting=no-number', '?decided=999999999999999', '?decided=%00']) {
      expect((await atCleos.get(at(`${changesPath(ncwb)}${none}`))).status).toBe(200)
    }
  })
})
