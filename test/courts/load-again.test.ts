import { describe, expect, test } from 'vitest'
import { loadCourts } from '../../src/courts/load-courts.ts'
import { kinds } from '../storage/databases.ts'

describe.each(kinds)('the courts in the $kind database', ({ open }) => {
  test('are written by the first start, and none of them by the second', async () => {
    const { db, close } = await open()
    try {
      expect(await loadCourts(db)).toBe(210)
      const before = await db.prisma.court.findMany({ orderBy: { id: 'asc' } })
      expect(await loadCourts(db)).toBe(0)
      expect(await db.prisma.court.findMany({ orderBy: { id: 'asc' } })).toEqual(before)
    } finally {
      await close()
    }
  })

  test('are written again where a fact of one is another', async () => {
    const { db, close } = await open()
    try {
      await loadCourts(db)
      await db.prisma.court.update({ where: { id: 'ca2' }, data: { seat: 'elsewhere' } })
      expect(await loadCourts(db)).toBe(1)
      expect((await db.prisma.court.findUnique({ where: { id: 'ca2' } }))?.seat).toBe(
        'New York, NY',
      )
    } finally {
      await close()
    }
  })
})
