import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { outputOf, runToEnd } from '../../scripts/run-to-end.mjs'
import { findGcc, findSpin } from '../../scripts/services.mjs'
import { temporaryFolder } from '../support/server-process.ts'
import { promela, type Scope, tables } from './promela.ts'

const questions: readonly (readonly [Scope, string])[] = [
  ['court', 'One account with a last day, held and not, and all that becomes of a go-live'],
  ['people', 'Two accounts that want one CM/ECF account of a court that goes live and back'],
]

/** Lets Spin reach every state; what it says. */
async function explore(model: string): Promise<string> {
  const folder = temporaryFolder('model')
  onTestFinished(folder.remove)
  const run = async (program: string, ...args: string[]) => {
    const result = await runToEnd(program, args, { cwd: folder.path })
    if (result.status !== 0) throw new Error(`${program}: ${outputOf(result)}`)
    return outputOf(result)
  }
  writeFileSync(join(folder.path, 'machines.pml'), model)
  await run(findSpin()!, '-a', 'machines.pml')
  await run(findGcc()!, '-w', '-DSAFETY', '-DCOLLAPSE', '-o', 'pan', 'pan.c')
  return run(join(folder.path, 'pan'), '-m400000', '-w18')
}

const errorsOf = (said: string) => Number(/errors: (\d+)/.exec(said)?.[1])
const broken = (said: string) => /assertion violated *(.*) \(at depth/.exec(said)?.[1]

test('the machines of rights and of a go-live, two processes and time keep what they promise in every state', async () => {
  const rows: string[] = []
  for (const [scope, question] of questions) {
    const said = await explore(promela(tables, scope))
    expect(broken(said)).toBeUndefined()
    expect(errorsOf(said)).toBe(0)
    expect(said).not.toContain('max search depth too small')
    const states = Number(/(\d+) states, stored/.exec(said)?.[1])
    rows.push(`| ${question} | ${states.toLocaleString('en-US')} | 0 |`)
    if (scope === 'people') continue
    // What nothing leads to would be kept by an empty model, too. Alone, nobody finds the CM/ECF account taken.
    const unreached = [...said.matchAll(/state \d+, "(.*)"/g)].map(([, statement]) => statement)
    expect(unreached.filter((statement) => statement !== '(1)' && statement !== '-end-')).toEqual(
      [],
    )
  }
  const manual = readFileSync('docs/rights.md', 'utf8')
  const [, explored = ''] = manual.split(/<!-- \/?explored -->/)
  const table = ['| question | states | errors |', '|---|---|---|', ...rows].join('\n')
  expect(explored.trim()).toBe(table)
})

test('a table that lets a decision wait through "not me" is found', async () => {
  const rights = tables.rights.map((transition) =>
    transition.kind === 'contest'
      ? { ...transition, moves: { active: 'suspended', suspended: 'suspended' } as const }
      : transition,
  )
  const said = await explore(promela({ ...tables, rights }, 'people'))
  expect(errorsOf(said)).toBe(1)
  expect(broken(said)).toContain('stopped[')
})

test('two accounts with one CM/ECF account are found where nothing keeps them apart', async () => {
  const model = promela(tables, 'people')
  const without = model.replaceAll(/:: filer\[(\d)\] -> skip/g, ':: false -> skip')
  expect(without).not.toBe(model)
  expect(broken(await explore(without))).toBe('!((filer[0]&&filer[1]))')
})

test('a version that leaves no room for what time makes of a decision is found', async () => {
  const model = promela(tables, 'court')
  const without = model.replace('grown[i] = 1 + (last[i] != NEVER) +', 'grown[i] = 1 +')
  expect(without).not.toBe(model)
  expect(errorsOf(await explore(without))).toBe(1)
})
