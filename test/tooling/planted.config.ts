import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import config, { usual } from '../../vitest.config.ts'

class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.sort((one, other) => one.moduleId.localeCompare(other.moduleId))
  }
}

/** The usual run, of the one file that forgets everything, and of one that comes after it in the same process. */
export default defineConfig({
  test: {
    ...usual,
    globalSetup: config.test?.globalSetup ?? [],
    include: ['test/tooling/planted-leaks.ts', 'test/tooling/planted-successor.ts'],
    isolate: false,
    maxWorkers: 1,
    sequence: { sequencer: ByName },
  },
})
