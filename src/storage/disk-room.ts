import { type Database, inTransaction, type Statement } from './db.ts'

const askEveryMilliseconds = 5000

const useLittleMemory: Statement = {
  name: 'disk-room-memory',
  text: `SELECT set_config('work_mem', '64kB', true)`,
}

const sortMuch: Statement = {
  name: 'disk-room-sort',
  text: `SELECT count(*) AS count
    FROM (SELECT i FROM generate_series(1, 20000) AS i ORDER BY md5(i::text) OFFSET 1) AS sorted`,
}

/**
 * Whether the database can still write files: it reads on when its disk is full, and takes small
 * writes for a while, so that a ping sees nothing. The question makes it sort more than its memory
 * holds, half a megabyte, which it has to write to its disk.
 * @throws Error when it cannot, or does not answer. A success is remembered for five seconds.
 */
export const hasRoom = remembered(async (db: Database): Promise<void> => {
  if (db.kind === 'embedded') return
  await inTransaction(db, async (tx) => {
    await tx.query(useLittleMemory, [])
    await tx.query(sortMuch, [])
  })
})

/** A success is remembered while it is fresh; a failure is asked after anew, but by one at a time. */
function remembered(ask: (db: Database) => Promise<void>): (db: Database) => Promise<void> {
  const answers = new WeakMap<Database, { askedAt: number; answer: Promise<void> }>()
  return (db) => {
    const last = answers.get(db)
    if (last && performance.now() - last.askedAt < askEveryMilliseconds) return last.answer
    const answer = ask(db)
    answers.set(db, { askedAt: performance.now(), answer })
    answer.catch(() => answers.delete(db))
    return answer
  }
}
