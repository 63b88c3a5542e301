import { describe, expect, test } from 'vitest'
import { readCourts } from '../../src/courts/load-courts.ts'
import { findMeant } from '../../src/courts/search.ts'

const courts = await readCourts()
const found = (query: string) => findMeant(courts, query).map(({ id }) => id as string)

describe('the directory finds', () => {
  test.each([
    ['W.D.N.C.', ['ncwd', 'ncwb']],
    ['WDNC', ['ncwd', 'ncwb']],
    ['wdnc', ['ncwd', 'ncwb']],
    ['W. D. N. C.', ['ncwd', 'ncwb']],
    ['SDNY', ['nysd', 'nysb']],
    ['S.D.N.Y.', ['nysd', 'nysb']],
    ['Bankr. S.D.N.Y.', ['nysb']],
    ['N.D. Cal.', ['cand', 'canb']],
    ['N.D.Cal.', ['cand', 'canb']],
    ['D. Mass.', ['mad', 'mab']],
    ['D.D.C.', ['dcd', 'dcb']],
    ['D. Guam', ['gud']],
    ['4th circuit', ['ca4']],
    ['4th Cir.', ['ca4']],
    ['fourth circuit', ['ca4']],
    ['circuit 4', ['ca4']],
    ['CA4', ['ca4']],
    ['2d Cir.', ['ca2']],
    ['11th circuit', ['ca11']],
    ['9th Circuit', ['ca9', 'bap9']],
    ['D.C. Circuit', ['cadc']],
    ['Fed. Cir.', ['cafc']],
    ['Charlotte', ['ncwd', 'ncwb']],
    ['charlotte bankruptcy', ['ncwb']],
    ['Asheville', ['ncwd', 'ncwb']],
    ['Hagatna', ['gud', 'gub']],
    ['Hagåtña', ['gud', 'gub']],
    ['Coeur d’Alene', ['idd']],
    ['ecf.ncwd', ['ncwd']],
    ['ecf.ncwd.uscourts.gov', ['ncwd']],
    ['https://ecf.ncwd.uscourts.gov/cgi-bin/login.pl', ['ncwd']],
    ['www.ncwd.uscourts.gov', ['ncwd']],
    ['ncwd', ['ncwd']],
    ['NCWDC', ['ncwd']],
    ['ncwbk', ['ncwb']],
    ['04CA', ['ca4']],
    ['district court for the western district of north carolina', ['ncwd']],
    ['United States District Court, Western District of North Carolina', ['ncwd']],
    ['MDL', ['jpml']],
    ['U.S. Court of Federal Claims', ['cofc']],
    ['nowhere', []],
    ['%', []],
    ['...', []],
  ])('%s', (query, ids) => {
    expect(found(query).sort()).toEqual([...ids].sort())
  })

  test('St. Louis and Saint Louis', () => {
    expect(found('Saint Louis')).toEqual(found('St. Louis'))
    expect(found('St. Louis')).toContain('moed')
  })

  test('whole words before beginnings, and beginnings where there is no more', () => {
    expect(found('Charlottesv')).toEqual(['vawd'])
    expect(found('Charlotte')).not.toContain('vawd')
  })

  test('every court by its id, its name, its hosts and its city', () => {
    for (const court of courts) {
      for (const query of [court.id, court.name, court.cmecfHost, court.seat!]) {
        expect([query, found(query)]).toEqual([query, expect.arrayContaining([court.id])])
      }
    }
  })

  test('all of them where nothing was typed', () => {
    expect(found(' ')).toHaveLength(210)
  })
})
