import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findNode } from '../../scripts/run.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A run of its own of `planted-leaks.ts`: what it prints, and its exit code. */
function runPlanted(): Promise<{ code: unknown; printed: string }> {
  const config = 'test/tooling/planted.config.ts'
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--no-color', '--config', config]
  return new Promise((resolve) => {
    execFile(findNode(root), args, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, printed: stdout + stderr })
    })
  })
}

test('a file that does not close what it opened fails, and is told of each', async () => {
  const { code, printed } = await runPlanted()
  expect(code).toBe(1)
  expect(printed).toMatch(/Tests +2 passed/)
  expect(printed).toContain('the time is still another one')
  // Only the file that left things open fails for them.
  expect(printed).toMatch(/Test Files +1 failed \| 1 passed/)
  const left = [...printed.matchAll(/^\s*- (.*) was left open$/gm)].map(([, what]) => what)
  const at = String.raw` \(opened at test/tooling/planted-leaks\.ts:\d+\)$`
  for (const what of [
    String.raw`^the process sleep${at}`,
    String.raw`^the process .*chrom`,
    String.raw`^Central Sign-On at http://localhost:\d+${at}`,
    String.raw`^the database cso_[0-9a-f]+${at}`,
    String.raw`^a server that listens on port \d+$`,
    '^a connection to PostgreSQL$',
    '^a connection to Redis$',
  ]) {
    expect(left).toContainEqual(expect.stringMatching(new RegExp(what)))
  }
}, 120_000)
