import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../support/server-process.ts'

/** An npm that ends with `check` and `tests` as they are told, and leaves vitest's `report` if there is one. */
const npm = `#!/bin/bash
if [ "$*" = "run check" ]; then echo "types: told"; exit "$CHECK"; fi
for argument; do
  case "$argument" in --outputFile.json=*) file=\${argument#*=} ;; esac
done
if [ -n "$REPORT" ]; then printf %s "$REPORT" >"$file"; fi
exit "$TESTS"
`

const report = (passed: number, failed: number, brokenFiles = 0) =>
  JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: [
      {
        status: failed ? 'failed' : 'passed',
        assertionResults: failed ? [{ status: 'failed' }] : [],
      },
      ...Array.from({ length: brokenFiles }, () => ({ status: 'failed', assertionResults: [] })),
    ],
  })

function run(told: { check: number; tests: number; report: string }) {
  const folder = temporaryFolder('ci')
  onTestFinished(() => folder.remove())
  const program = join(folder.path, 'bin/npm')
  mkdirSync(dirname(program))
  writeFileSync(program, npm)
  chmodSync(program, 0o755)
  cpSync('.ci/run', join(folder.path, '.ci/run'))
  const PATH = [dirname(program), dirname(process.execPath), process.env['PATH']].join(':')
  const env = {
    PATH,
    CHECK: String(told.check),
    TESTS: String(told.tests),
    REPORT: told.report,
  }
  const { status, stdout } = spawnSync(join(folder.path, '.ci/run'), { env, encoding: 'utf8' })
  const lines = stdout.trimEnd().split('\n')
  return { status, count: lines.at(-1), shown: lines.slice(0, -1) }
}

test.each([
  ['all is well', { check: 0, tests: 0, report: report(3, 0) }, 0, '3 passed, 0 failed'],
  ['a test failed', { check: 0, tests: 1, report: report(2, 1) }, 1, '2 passed, 1 failed'],
  ['a file broke', { check: 0, tests: 1, report: report(2, 0, 1) }, 1, '2 passed, 1 failed'],
  ['vitest left nothing', { check: 0, tests: 0, report: '' }, 1, '0 passed, 1 failed'],
  ['the check failed', { check: 2, tests: 0, report: report(3, 0) }, 2, '3 passed, 1 failed'],
  ['both failed', { check: 2, tests: 1, report: report(2, 1) }, 1, '2 passed, 2 failed'],
])('where %s, the exit code and the last line say so', (_, told, code, count) => {
  expect(run(told)).toMatchObject({ status: code, count })
})

test('what a failed check said stands before the tests and again before the count', () => {
  const said = (check: number) =>
    run({ check, tests: 0, report: report(3, 0) }).shown.filter((line) => line === 'types: told')
  expect(said(0)).toHaveLength(1)
  expect(said(1)).toHaveLength(2)
})
