import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type Argon2Task, computeArgon2id } from '../../src/accounts/argon2-thread.ts'
import { createPasswords } from '../../src/accounts/password.ts'

const task: Argon2Task = {
  password: 'correct horse battery staple',
  salt: randomBytes(16),
  memoryCost: 19_456,
  timeCost: 20,
  parallelism: 1,
  tagLength: 32,
  restShare: 0,
}

function millisecondsOf(work: () => unknown): number {
  const startedAt = performance.now()
  work()
  return performance.now() - startedAt
}

describe('the thread that hashes', () => {
  test('rests after a hash for the part of its time that it is told', () => {
    const one = millisecondsOf(() => computeArgon2id(task))
    const rested = millisecondsOf(() => computeArgon2id({ ...task, timeCost: 1, restShare: 1 }))
    expect(rested).toBeGreaterThanOrEqual(one * 0.9)
    const another = millisecondsOf(() => computeArgon2id(task))
    const atOnce = millisecondsOf(() => computeArgon2id({ ...task, timeCost: 1, restShare: 0 }))
    expect(atOnce).toBeLessThan(another / 2)
  })

  test('needs no rest when nobody has come for as long', async () => {
    const one = millisecondsOf(() => computeArgon2id(task))
    await new Promise((resolve) => setTimeout(resolve, one))
    const next = millisecondsOf(() => computeArgon2id({ ...task, timeCost: 1, restShare: 1 }))
    expect(next).toBeLessThan(one / 2)
  })

  test.runIf(process.platform === 'linux')('has a lower priority than all others', async () => {
    const passwords = createPasswords({
      peppers: [{ id: 'pepper-1', key: randomBytes(32) }],
      concurrency: 1,
      queue: 8,
      isStubbed: false,
    })
    await passwords.hash(task.password)
    // Field 19 of proc(5), counted from after the name in brackets, which is field 2.
    const nices = readdirSync('/proc/self/task').map((thread) =>
      Number(readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[16]),
    )
    await passwords.close()
    const [lowest, ...others] = nices.toSorted((one, other) => other - one)
    expect(lowest).toBe(Math.min(...others) + 10)
    expect(Math.max(...others)).toBe(Math.min(...others))
  })

  test('that cannot start is answered at once, does not end the process, and starts later', async () => {
    const script = fileURLToPath(new URL('hash-without-descriptors.ts', import.meta.url))
    const limited = ['-c', 'ulimit -n 200; exec "$0" "$1"', process.execPath, script]
    const { stdout } = await promisify(execFile)('sh', limited, { timeout: 15_000 })
    const none = 'UnavailableError UnavailableError UnavailableError'
    const all = 'mismatch mismatch mismatch'
    expect(stdout.trim().split('\n')).toEqual(['ready', none, none, none, all])
  })
})
