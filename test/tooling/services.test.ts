import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { missingPackages } from '../../scripts/services.mjs'
import { temporaryFolder } from '../support/server-process.ts'

test.each(['python3', 'perl'])('%s without its own modules is missing', (name) => {
  expect(missingPackages()).not.toContain(name)
  const folder = temporaryFolder('programs')
  onTestFinished(folder.remove)
  const program = join(folder.path, name)
  writeFileSync(program, '#!/bin/sh\nexit 2\n')
  chmodSync(program, 0o755)
  vi.stubEnv('PATH', `${folder.path}:${process.env['PATH']}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(missingPackages()).toContain(name)
})
