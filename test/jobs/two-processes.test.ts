import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { enqueue } from '../../src/jobs/store.ts'
import { type Database, inTransaction } from '../../src/storage/db.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { silent } from '../storage/databases.ts'
import { cloneDatabase, sql } from '../support/database.ts'
import { becomes } from '../support/measure.ts'

const script = fileURLToPath(new URL('working-process.ts', import.meta.url))

describe('jobs of two processes', () => {
  let db: Database
  let url: string

  beforeEach(async () => {
    const database = await cloneDatabase()
    url = database.url
    db = await openDatabase({ url, dataDir: '', poolSize: 4 }, silent)
    onTestFinished(async () => {
      await db.close()
      await database.drop()
    })
    await db.executeScript('CREATE TABLE job_starts (n int, pid int, started_at timestamptz)')
  })

  /** A process that works; each of its jobs takes so long. */
  async function startProcess(milliseconds: number): Promise<ChildProcess> {
    const child = spawn(process.execPath, [script, url, String(milliseconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    })
    await once(child.stdout!, 'data')
    return child
  }
  const starts = () => sql<{ n: number; pid: number }>(db, 'SELECT n, pid FROM job_starts')
  const left = async () => (await sql(db, 'SELECT 1 FROM jobs')).length

  test('are done by both, and each by one of them', async () => {
    const both = await Promise.all([startProcess(5), startProcess(5)])
    await inTransaction(db, async (tx) => {
      for (let n = 0; n < 200; n += 1) await enqueue(tx, 'deliver', { n })
    })
    await becomes('all are done', 20_000, async () => (await left()) === 0)
    const done = await starts()
    expect(done).toHaveLength(200)
    expect(new Set(done.map(({ n }) => n)).size).toBe(200)
    expect(new Set(done.map(({ pid }) => pid))).toEqual(new Set(both.map(({ pid }) => pid)))
  })

  test('are taken again by the other, once the lease of the one that was killed is over', async () => {
    const killed = await startProcess(60_000)
    await enqueue(db, 'deliver', { n: 1 })
    await becomes('it is begun', 5000, async () => (await starts()).length === 1)
    const other = await startProcess(0)
    // The one that lives keeps it beyond its lease.
    await becomes('the lease was extended', 5000, async () => {
      const [row] = await sql<{ isLate: boolean }>(
        db,
        `SELECT now() > s.started_at + interval '2 s' AND j.leased_until > now() AS "isLate"
          FROM jobs j, job_starts s`,
      )
      return row?.isLate === true
    })
    expect(await starts()).toHaveLength(1)
    killed.kill('SIGKILL')
    await becomes('it is done', 10_000, async () => (await left()) === 0)
    expect((await starts()).map(({ pid }) => pid)).toEqual([killed.pid, other.pid])
  })
})
