import { expect } from 'vitest'
import { kit } from '../support/kit.ts'
import { jane } from '../support/people.ts'

const count = 2000
const people = Array.from({ length: count }, (_, index) => ({
  ...jane,
  number: String(5_000_000 + index),
  username: `one-of-many-${index}`,
  password: undefined,
  email: `one.of.many.${index}@example.com`,
  standings: ['ncwd', 'ncwb'].map((court) => ({
    court,
    status: 'active',
    role: 'attorney',
    filer_id: `many-${index}`,
    actions: ['file'],
    since: '2021-09-02',
    ends_on: '2029-12-31',
  })),
}))

const test = kit().extend(
  'statementsOf',
  { scope: 'file' },
  ({ signOn }) =>
    async (accounts: typeof people) => {
      const { db } = signOn.services
      const before = db.statementCount
      await signOn.apply({ accounts })
      return db.statementCount - before
    },
)

test('two thousand people are applied in a few statements, each with an audit row and a first version', async ({
  signOn,
  statementsOf,
}) => {
  const { prisma } = signOn.services.db
  const where = { event: { in: ['account.registered', 'standing.changed'] } }
  const audited = await prisma.auditEvent.count({ where })
  expect(await statementsOf(people)).toBeLessThan(60)
  expect(await prisma.account.count()).toBe(count)
  expect(await prisma.auditEvent.count({ where })).toBe(audited + 3 * count)
  const account = await prisma.account.findUniqueOrThrow({ where: { number: '5001999' } })
  expect(account).toMatchObject({
    username: 'one-of-many-1999',
    isUpgraded: true,
    disabledAt: null,
  })
  expect(await prisma.standing.findMany({ where: { accountId: account.id } })).toMatchObject(
    ['ncwb', 'ncwd'].map(() => ({
      version: 1,
      filerId: 'many-1999',
      actions: ['file'],
      sinceOn: new Date('2021-09-02'),
      endsOn: new Date('2029-12-31'),
    })),
  )

  const events = await prisma.auditEvent.count()
  expect(await statementsOf(people)).toBeLessThan(60)
  expect(await prisma.auditEvent.count()).toBe(events)
}, 60_000)
