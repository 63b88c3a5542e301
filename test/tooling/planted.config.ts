import { defineConfig } from 'vitest/config'
import usual from '../../vitest.config.ts'

/** The usual run, of the one file that forgets everything. */
export default defineConfig({
  test: { ...usual.test, include: ['test/tooling/planted-leaks.ts'] },
})
