import { availableParallelism } from 'node:os'
import { flag, wholeNumber } from './kinds.ts'
import { defineSection } from './section.ts'

/** How much of the machine verifying passwords may take. */
export const password = defineSection({
  settings: {
    CSO_PASSWORD_CONCURRENCY: wholeNumber({ min: 1 })
      .default(Math.max(1, availableParallelism() - 1))
      .refine(
        (value) => value <= availableParallelism(),
        'must not exceed the number of processor cores',
      )
      .meta({
        description: 'passwords verified at once; at most the number of cores',
        default: 'cores less one, at least 1',
      }),
    CSO_PASSWORD_QUEUE: wholeNumber({ min: 1 })
      .default(32)
      .describe(
        'how many sign-ins may wait; one more, and the newest of the noisiest network is told 503 at once',
      ),
    CSO_BENCHMARK_STUB_PASSWORDS: flag.describe(
      '`on`: every password is right. For the benchmark, on loopback; refused anywhere else ᴾ',
    ),
  },
  wrong: ({ CSO_BENCHMARK_STUB_PASSWORDS: isStubbed }, { isProduction, isOnLoopback }) => ({
    CSO_BENCHMARK_STUB_PASSWORDS:
      isStubbed === true &&
      (isProduction || !isOnLoopback) &&
      'is only for the benchmark, on loopback',
  }),
  read: (values) => ({
    password: {
      concurrency: values.CSO_PASSWORD_CONCURRENCY,
      queue: values.CSO_PASSWORD_QUEUE,
      /** Every password verifies at once; only for the benchmark. */
      isStubbed: values.CSO_BENCHMARK_STUB_PASSWORDS,
    },
  }),
})
