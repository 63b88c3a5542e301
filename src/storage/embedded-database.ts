import { types as pgliteTypes } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import type { Database, Statement } from './db.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { asUnavailable } from './faults.ts'
import { PrismaClient } from './generated/client.ts'
import type { Counter } from './postgres.ts'
import { createTransactions } from './transactions.ts'
import { createTurns } from './turns.ts'
import { decoderOf, encode } from './wire-types.ts'

/**
 * The embedded database in `dataDir` (see `openEmbedded`) behind the interface of every other.
 * @throws StartupError when it cannot be opened.
 */
export async function openEmbeddedDatabase(dataDir: string): Promise<Database> {
  const { pglite, close } = await openEmbedded(dataDir)
  const counter: Counter = { statements: 0 }
  const counted = countStatements(pglite, counter)
  const send = sendWith(pglite)
  const transactions = createTransactions(send)
  const adapter = transactions.follow(new PrismaPGlite(counted))
  const prisma = new PrismaClient({ adapter, errorFormat: 'minimal' })
  const turns = createTurns()

  async function query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    transactions.refuseInside()
    try {
      return (await send(counted, statement, values)) as Row[]
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  return {
    kind: 'embedded',
    get prisma() {
      transactions.refuseInside()
      return prisma
    },
    query,
    startTransaction: transactions.over(prisma),
    async ping() {
      await query({ name: 'ping', text: 'SELECT 1' }, [])
    },
    async executeScript(sql) {
      transactions.refuseInside()
      await pglite.transaction(async (tx) => {
        await tx.exec(sql)
      })
    },
    // The data folder admits one process, so that taking turns within it is all there is to do.
    async withAdvisoryLock(key, work) {
      transactions.refuseInside()
      return turns.take(key, work)
    },
    async tryAdvisoryLock(key, work) {
      transactions.refuseInside()
      return turns.isTaken(key) ? undefined : turns.take(key, work)
    },
    get statementCount() {
      return counter.statements
    },
    async close() {
      await prisma.$disconnect()
      await close()
    },
  }
}

/**
 * Sends a statement over the database or over a transaction of it, with values written and rows read as
 * they are on PostgreSQL.
 */
function sendWith(pglite: Embedded['pglite']) {
  const oids = Object.keys(pglite.parsers).map(Number).filter(Number.isInteger)
  const parsers = Object.fromEntries(oids.map((oid) => [oid, decoderOf(oid)]))
  // The other types take a text as it is.
  const serializers = { [pgliteTypes.BOOL]: String, [pgliteTypes.BYTEA]: String }
  return async (
    connection: Pick<Embedded['pglite'], 'query'>,
    { text }: Statement,
    values: readonly unknown[],
  ): Promise<unknown[]> => {
    return (await connection.query(text, values.map(encode), { parsers, serializers })).rows
  }
}

/** The same database, counting; a transaction counts its BEGIN and COMMIT as PostgreSQL's does. */
function countStatements(pglite: Embedded['pglite'], counter: Counter): Embedded['pglite'] {
  const counting = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const member: unknown = Reflect.get(object, name, object)
        if (typeof member !== 'function') return member
        if (name === 'query' || name === 'exec') {
          return (...args: unknown[]) => {
            counter.statements += 1
            return member.apply(object, args)
          }
        }
        if (name === 'transaction') {
          return (work: (tx: object) => unknown) => {
            counter.statements += 2
            return member.call(object, (tx: object) => work(counting(tx)))
          }
        }
        return member.bind(object)
      },
    })
  return counting(pglite)
}
