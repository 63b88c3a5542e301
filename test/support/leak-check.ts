/** Runs before every test file (`setupFiles`): what the file forgot to close fails it by name. */
import { flushCompileCache } from 'node:module'
import { aroundAll, inject, vi } from 'vitest'
import { stillOpen, watchOpenThings } from './open-things.ts'

watchOpenThings()

// Around everything: the fixtures of a file are closed after its last `afterAll`.
aroundAll(async (runFile) => {
  await runFile()
  // Vitest ends this process before it could do so itself: the next file would compile everything again.
  flushCompileCache()
  const own = { PostgreSQL: inject('postgresUrl'), Redis: inject('redisUrl') }
  const ports = Object.entries(own).flatMap(([name, url]): [number, string][] =>
    url ? [[Number(new URL(url).port), name]] : [],
  )
  const sentences = await stillOpen(new Map(ports))
  // The next file of this process would live in another time.
  if (vi.isFakeTimers()) sentences.push('the time is still another one')
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  if (sentences.length > 0) throw new Error(`This file did not close:\n- ${sentences.join('\n- ')}`)
})
