import { defineConfig } from 'vitest/config'
import config, { usual } from '../../vitest.config.ts'

/** The usual run, of the one file that forgets everything. */
export default defineConfig({
  test: {
    ...usual,
    globalSetup: config.test?.globalSetup ?? [],
    include: ['test/tooling/planted-leaks.ts'],
  },
})
