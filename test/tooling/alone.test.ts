import { globSync, readFileSync } from 'node:fs'
import { matchesGlob } from 'node:path'
import { expect, test } from 'vitest'
import { alone, apart, inPairs } from '../../vitest.config.ts'

const files = globSync('test/**/*.test.ts').sort()
const quiet = [...alone, ...inPairs]
const isQuiet = (file: string) => quiet.some((pattern) => matchesGlob(file, pattern))

/** How a test learns of a time that something took. */
const measures = /\bperformance\.now\b|\b(timed|timeUntil|measured)\(/
/** Times that hold on a busy machine: seconds of waiting, what is merely not given up, or a least time. */
const patient = [
  'test/flows/linking.test.ts',
  'test/process/slow-clients.test.ts',
  'test/storage/tls.test.ts',
]

test('a file that holds a time runs while few others do, or none', () => {
  const here = 'test/tooling/alone.test.ts'
  const measuring = files.filter(
    (file) => file !== here && measures.test(readFileSync(file, 'utf8')),
  )
  expect(measuring.length).toBeGreaterThan(10)
  expect(measuring.filter((file) => !isQuiet(file))).toEqual(patient)
})

test('every file that runs in a way of its own is there', () => {
  expect(
    [...quiet, ...apart].filter((pattern) => !files.some((file) => matchesGlob(file, pattern))),
  ).toEqual([])
})
