import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Files that hold a time: each runs while nothing else does. All others run two at once, where there
 * are two cores. `test/tooling/alone.test.ts` says what belongs here.
 */
export const alone = [
  'test/accounts/argon2-thread.test.ts',
  'test/accounts/password-policy.test.ts',
  'test/accounts/password.test.ts',
  'test/accounts/username.test.ts',
  'test/clients/directory.test.ts',
  'test/faults/postgres.test.ts',
  'test/faults/redis.test.ts',
  'test/faults/two-processes.test.ts',
  'test/faults/what-operators-see.test.ts',
  'test/flows/answers-at-once.test.ts',
  'test/flows/flood.test.ts',
  'test/flows/recovery-limits.test.ts',
  'test/flows/registration-enumeration.test.ts',
  'test/flows/throttling.test.ts',
  'test/flows/turned-away.test.ts',
  'test/jobs/*.test.ts',
  'test/oidc/access-tokens.test.ts',
  'test/oidc/client-secrets.test.ts',
  'test/oidc/court-keys.test.ts',
  'test/oidc/failing-store.test.ts',
  'test/oidc/outbound.test.ts',
  'test/process/development.test.ts',
  'test/process/killed-behind-nginx.test.ts',
  'test/process/start.test.ts',
  'test/storage/database.test.ts',
  'test/storage/postgres-faults.test.ts',
  'test/storage/redis.test.ts',
  'test/storage/transactions.test.ts',
]

const include = ['test/**/*.test.ts']

/** How every file runs. */
export const usual = {
  setupFiles: 'test/support/leak-check.ts',
  pool: 'forks',
  // The code runs as the server runs it: Node itself strips the types, and what it compiled is kept.
  experimental: { viteModuleRunner: false, nodeLoader: false },
  testTimeout: 30_000,
  hookTimeout: 60_000,
} as const

export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    reporters: ['default'],
    projects: [
      {
        test: {
          ...usual,
          name: 'together',
          include,
          exclude: alone,
          maxWorkers: Math.min(2, availableParallelism()),
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...usual,
          name: 'alone',
          include: alone,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
