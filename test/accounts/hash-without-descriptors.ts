/**
 * A process that has no file descriptor left when its first passwords come, and has some again later:
 * writes what became of each, one line for each time.
 */
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { createPasswords } from '../../src/accounts/password.ts'
import { becomes } from '../support/measure.ts'

const passwords = createPasswords({
  peppers: [{ id: 'pepper-1', key: randomBytes(32) }],
  concurrency: 2,
  queue: 4,
  isStubbed: false,
})

async function verifyThree(): Promise<string> {
  const results = await Promise.allSettled(
    Array.from({ length: 3 }, () => passwords.verify('correct horse battery staple', undefined)),
  )
  return results
    .map((result) => (result.status === 'fulfilled' ? result.value : (result.reason as Error).name))
    .join(' ')
}

// The first write opens what writing needs.
process.stdout.write('ready\n')
const taken: number[] = []
try {
  for (;;) taken.push(openSync('/dev/null', 'r'))
} catch {
  // None is left.
}
for (let time = 0; time < 3; time += 1) process.stdout.write(`${await verifyThree()}\n`)
for (const descriptor of taken) closeSync(descriptor)
const all = 'mismatch mismatch mismatch'
await becomes('passwords are verified', 5000, async () => (await verifyThree()) === all)
process.stdout.write(`${all}\n`)
await passwords.close()
