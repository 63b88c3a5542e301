/**
 * Types, format and lint of everything: `npm run check`. Says one line each; what is wrong after it.
 * Unused imports and the like are warnings to Biome, and wrong here.
 */
import { spawn } from 'node:child_process'

const checks = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  {
    name: 'format and lint',
    args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  },
] as const

const results = await Promise.all(
  checks.map(async ({ name, args }) => ({ name, ...(await run(args)) })),
)
for (const { name, code, output } of results) {
  console.log(`${name}: ${code === 0 ? 'ok' : 'failed'}`)
  if (code !== 0) console.log(output)
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1

function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => {
        output += chunk
      })
    }
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
