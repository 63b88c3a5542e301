import { defineConfig } from 'vitest/config'

/**
 * Files that hold a time so short that anything beside them shows in it: each runs while nothing else does.
 * `test/tooling/alone.test.ts` says what belongs here, and what to the ones below.
 */
export const alone = [
  'test/accounts/argon2-thread.test.ts',
  'test/accounts/password-policy.test.ts',
  'test/accounts/password.test.ts',
  'test/accounts/username.test.ts',
  'test/flows/answers-at-once.test.ts',
  'test/flows/flood.test.ts',
  'test/flows/registration-enumeration.test.ts',
  'test/flows/throttling-times.test.ts',
  'test/flows/turned-away.test.ts',
  'test/oidc/client-secrets.test.ts',
]

/** Files that wait most of the time, and hold half a second and more: two of them at once, and no others. */
export const inPairs = [
  'test/clients/directory.test.ts',
  'test/faults/postgres.test.ts',
  'test/faults/redis.test.ts',
  'test/faults/two-processes.test.ts',
  'test/faults/what-operators-see.test.ts',
  'test/flows/recovery-limits.test.ts',
  'test/jobs/*.test.ts',
  'test/oidc/access-tokens.test.ts',
  'test/oidc/court-keys.test.ts',
  'test/oidc/failing-store.test.ts',
  'test/http/outbound.test.ts',
  'test/process/development.test.ts',
  'test/process/go-live.test.ts',
  'test/process/killed-behind-nginx.test.ts',
  'test/process/start.test.ts',
  'test/storage/database.test.ts',
  'test/storage/postgres-faults.test.ts',
  'test/storage/redis.test.ts',
  'test/storage/transactions.test.ts',
]

/** Files that change how their process runs the code: each has one of its own. */
export const apart = ['test/tooling/journeys.test.ts']

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
      inProject('together', {
        include,
        exclude: [...alone, ...inPairs, ...apart],
        isolate: false,
        maxWorkers: 2,
        order: 1,
      }),
      inProject('apart', { include: apart, isolate: true, maxWorkers: 2, order: 1 }),
      inProject('in pairs', { include: inPairs, isolate: false, maxWorkers: 2, order: 2 }),
      inProject('alone', { include: alone, isolate: true, maxWorkers: 1, order: 3 }),
    ],
  },
})

/**
 * Projects run in their order, each after the other. Where files share a process (`isolate: false`), none
 * loads the whole house again and runs it cold.
 */
function inProject(
  name: string,
  {
    order,
    ...files
  }: {
    readonly include: string[]
    readonly exclude?: string[]
    readonly isolate: boolean
    readonly maxWorkers: number
    readonly order: number
  },
) {
  return { test: { ...usual, ...files, name, sequence: { groupOrder: order } } }
}
