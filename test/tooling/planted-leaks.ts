import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { inject, test, vi } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { cloneDatabase } from '../support/database.ts'
import { startSignOn } from '../support/sign-on.ts'

/** Forgets everything, for `leaks.test.ts`. Its name is not that of a test, so that no run takes it. */

test('the story passes', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  createServer().listen(0, '127.0.0.1')
  spawn('sleep', ['60']).unref()
  await startSignOn()
  await cloneDatabase()
  await launchBrowser()
  await new Redis(inject('redisUrl')).ping()
  await new Client({ connectionString: inject('postgresUrl') }).connect()
})
