import { AsyncLocalStorage } from 'node:async_hooks'
import { UnavailableError } from '../errors.ts'
import { databaseAway } from '../outages.ts'
import type { Database, Statement, Transaction } from './db.ts'
import { asUnavailable } from './faults.ts'
import type { PrismaClient } from './generated/client.ts'

type AdapterFactory = NonNullable<ConstructorParameters<typeof PrismaClient>[0]['adapter']>
type Adapter = Awaited<ReturnType<AdapterFactory['connect']>>
type AdapterTransaction = Awaited<ReturnType<Adapter['startTransaction']>>

/** What is known of the transaction that the running code is in. */
type Frame<Connection> = {
  /** Known as soon as Prisma has begun. */
  connection: Connection | undefined
  /** Prisma ends a transaction that lasts too long while its work goes on. */
  isOver: boolean
  isWorking: boolean
}

export type Transactions = {
  /** The same adapter; from each transaction that Prisma starts with it we learn its connection. */
  follow<Factory extends AdapterFactory>(factory: Factory): Factory
  /** @throws Error when the running code is in an open transaction of this database. */
  refuseInside(): void
  /** `Database.startTransaction` over this Prisma client. */
  over(prisma: PrismaClient): Database['startTransaction']
}

/**
 * Statements on the connection on which Prisma has opened a transaction: so both ways are in it, and a
 * statement is prepared, sent and read as it is outside.
 *
 * Which transaction of Prisma's is which of ours is known by the asynchronous context: Prisma starts one
 * in the context of its caller. The same context tells that somebody uses the database itself where a
 * transaction of it is open.
 * @param send one statement over a connection of the driver.
 * @param allowStatements gives the statements of a connection longer, where the driver limits them.
 */
export function createTransactions<Connection>(
  send: (
    connection: Connection,
    statement: Statement,
    values: readonly unknown[],
  ) => Promise<unknown[]>,
  allowStatements: (connection: Connection, milliseconds: number) => void = () => {},
): Transactions {
  const frames = new AsyncLocalStorage<Frame<Connection>>()

  const refuseInside = () => {
    const frame = frames.getStore()
    if (frame?.connection && !frame.isOver && frame.isWorking) {
      throw new Error('the database was used inside one of its transactions: use the transaction')
    }
  }

  const query = async <Row>(
    frame: Frame<Connection>,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> => {
    if (!frame.connection) throw new Error('Prisma opened no transaction that we know of')
    if (!frame.isWorking) throw new Error('the transaction is over: nothing more is done in it')
    if (frame.isOver) {
      const cause = new Error('the transaction lasted too long')
      throw new UnavailableError(databaseAway, { cause })
    }
    try {
      return (await send(frame.connection, statement, values)) as Row[]
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  return {
    refuseInside,
    follow(factory) {
      const connect = factory.connect.bind(factory)
      factory.connect = async () => {
        const adapter = await connect()
        const start = adapter.startTransaction.bind(adapter)
        adapter.startTransaction = async (isolationLevel) => {
          const frame = frames.getStore()
          const transaction = await start(isolationLevel)
          if (frame && !frame.connection) {
            frame.connection = connectionOf<Connection>(transaction)
            beforeEnd(transaction, () => {
              frame.isOver = true
            })
          }
          return transaction
        }
        return adapter
      }
      return factory
    },
    over(prisma) {
      return async (work, limits) => {
        refuseInside()
        const frame: Frame<Connection> = { connection: undefined, isOver: false, isWorking: true }
        return frames.run(frame, () =>
          prisma.$transaction(async (tx) => {
            const transaction: Transaction = {
              kind: 'transaction',
              prisma: tx,
              query: (statement, values) => query(frame, statement, values),
            }
            try {
              if (limits.statement !== undefined && frame.connection) {
                allowStatements(frame.connection, limits.statement)
                await query(frame, longerStatements, [String(limits.statement)])
              }
              return await work(transaction)
            } finally {
              frame.isWorking = false
            }
          }, limits),
        )
      }
    },
  }
}

/** Until the transaction ends; the server's own limit is that of a request. */
const longerStatements: Statement = {
  name: 'transaction-longer-statements',
  text: `SELECT set_config('statement_timeout', $1, true),
    set_config('idle_in_transaction_session_timeout', $1, true)`,
}

/** Both adapters keep the connection there, and show it to nobody else. */
function connectionOf<Connection>(transaction: AdapterTransaction): Connection {
  return (transaction as unknown as { client: Connection }).client
}

/** Prisma ends a transaction with a statement, or with one of two calls. */
function beforeEnd(transaction: AdapterTransaction, isEnding: () => void): void {
  const execute = transaction.executeRaw.bind(transaction)
  const commit = transaction.commit.bind(transaction)
  const rollback = transaction.rollback.bind(transaction)
  transaction.executeRaw = (query) => {
    if (query.sql === 'COMMIT' || query.sql === 'ROLLBACK') isEnding()
    return execute(query)
  }
  transaction.commit = () => {
    isEnding()
    return commit()
  }
  transaction.rollback = () => {
    isEnding()
    return rollback()
  }
}
