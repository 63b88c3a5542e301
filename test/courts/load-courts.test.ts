import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readCourts } from '../../src/courts/load-courts.ts'
import { dayAt } from '../../src/days.ts'

type CourtInFile = Record<string, string | undefined> & {
  id: string
  clerkOffices?: { address?: string; phone?: string }[]
}
const inFile = JSON.parse(
  readFileSync(new URL('../../src/courts/courts.json', import.meta.url), 'utf8'),
) as CourtInFile[]
const courts = new Map((await readCourts()).map((court) => [court.id as string, court]))

describe('each of the 210 courts', () => {
  test('has a time zone that this server knows, with its source', () => {
    expect(courts.size).toBe(210)
    for (const court of courts.values()) {
      expect([court.id, dayAt(new Date(), court.timeZone)]).toEqual([
        court.id,
        expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      ])
    }
    expect(inFile.filter((court) => !court['timeZoneSource'] || !court['seatSource'])).toEqual([])
  })

  // Where a rule of thumb would be wrong: no daylight saving time, islands, and states with two
  // zones, whose courts keep the zone of the clerk's main office.
  test.each([
    ['azd', 'America/Phoenix'],
    ['hid', 'Pacific/Honolulu'],
    ['gud', 'Pacific/Guam'],
    ['nmib', 'Pacific/Saipan'],
    ['prd', 'America/Puerto_Rico'],
    ['vid', 'America/St_Thomas'],
    ['akd', 'America/Anchorage'],
    ['insd', 'America/Indiana/Indianapolis'],
    ['innb', 'America/Indiana/Indianapolis'],
    ['miwd', 'America/Detroit'],
    ['kyed', 'America/New_York'],
    ['kywd', 'America/Kentucky/Louisville'],
    ['tned', 'America/New_York'],
    ['tnmd', 'America/Chicago'],
    ['flnd', 'America/New_York'],
    ['ned', 'America/Chicago'],
    ['ksd', 'America/Chicago'],
    ['ndd', 'America/Chicago'],
    ['sdd', 'America/Chicago'],
    ['idd', 'America/Boise'],
    ['ord', 'America/Los_Angeles'],
    ['txwd', 'America/Chicago'],
    ['alnd', 'America/Chicago'],
    ['ncwd', 'America/New_York'],
    ['ca5', 'America/Chicago'],
    ['ca9', 'America/Los_Angeles'],
    ['bap10', 'America/Denver'],
    ['cofc', 'America/New_York'],
  ])('%s keeps %s', (id, timeZone) => {
    expect(courts.get(id)?.timeZone).toBe(timeZone)
  })

  test('has a clerk’s address and telephone number only where a source gives them', () => {
    const named = inFile.filter((court) => court.clerkOffices)
    expect(named.length).toBeGreaterThan(190)
    for (const court of named) {
      expect(['pacer-lookup', 'court-page']).toContain(court['clerkOfficesSource'])
      expect(court['clerkOfficesAsOf']).toMatch(/^202\d-\d\d-\d\d$/)
      for (const { address, phone } of court.clerkOffices!) {
        expect(address ?? phone).toBeDefined()
        if (address) expect(address).toMatch(/, [A-Z]{2}( \d{5}(-\d{4})?)?$/)
        if (phone) expect(phone).toMatch(/^\(\d{3}\) \d{3}-\d{4}$/)
      }
    }
  })
})
