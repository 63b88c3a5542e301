import { types as pgliteTypes } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import type { Database, Statement } from './db.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { asUnavailable } from './faults.ts'
import { PrismaClient } from './generated/client.ts'
import { type Counter, readInt8 } from './postgres.ts'
import { createTurns } from './turns.ts'

/**
 * The embedded database in `dataDir` (see `openEmbedded`) behind the interface of every other.
 * @throws StartupError when it cannot be opened.
 */
export async function openEmbeddedDatabase(dataDir: string): Promise<Database> {
  const { pglite, close } = await openEmbedded(dataDir)
  const counter: Counter = { statements: 0 }
  const counted = countStatements(pglite, counter)
  const prisma = new PrismaClient({ adapter: new PrismaPGlite(counted), errorFormat: 'minimal' })
  const takeTurn = createTurns()
  const parsers = {
    [pgliteTypes.INT8]: readInt8,
    [pgliteTypes.DATE]: (text: string) => text,
    [pgliteTypes.BYTEA]: (text: string) => Buffer.from(text.slice(2), 'hex'),
  }

  async function query<Row>({ text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      return (await counted.query<Row>(text, values as unknown[], { parsers })).rows
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  return {
    kind: 'embedded',
    prisma,
    query,
    async ping() {
      await query({ name: 'ping', text: 'SELECT 1' }, [])
    },
    async executeScript(sql) {
      await pglite.transaction(async (tx) => {
        await tx.exec(sql)
      })
    },
    // The data folder admits one process, so that taking turns within it is all there is to do.
    withAdvisoryLock: (key, work) => takeTurn(key, work),
    get statementCount() {
      return counter.statements
    },
    async close() {
      await prisma.$disconnect()
      await close()
    },
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
