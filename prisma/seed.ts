import { spawnSync } from 'node:child_process'

/** `npm run db:seed`: the development people and nothing else; courts are loaded at every start. */
const result = spawnSync(
  process.execPath,
  ['src/cli/main.ts', 'apply', 'prisma/development.yaml'],
  { stdio: 'inherit' },
)
process.exitCode = result.status ?? 1
