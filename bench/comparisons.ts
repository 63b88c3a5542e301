/**
 * What is compared with what, and how good it must be. Ratios of CPU time per operation, ours over the
 * baseline, taken in the same run.
 */
import type { OperationName } from './drive.ts'

/** The part that takes part: a server under a certain load. */
export type Contender =
  | {
      readonly server: 'ours' | 'ours-real-hash' | 'ours-nation' | 'engine'
      readonly operation: OperationName
    }
  | { readonly server: 'hash'; readonly path: '/bare' | '/bare-and-sign' | '/ours' }

export type Comparison = {
  readonly id: string
  readonly title: string
  readonly ours: Contender
  readonly baseline: Contender
  /** Operations in one round of a full run. */
  readonly count: number
  /** What every landed change holds. */
  readonly ceiling?: number
  readonly goal?: number
  readonly stretch?: number
}

const engine = (operation: OperationName) => ({
  ours: { server: 'ours', operation } as const,
  baseline: { server: 'engine', operation } as const,
})

export const comparisons: readonly Comparison[] = [
  {
    id: 'discovery',
    title: 'discovery',
    ...engine('discovery'),
    count: 6000,
    goal: 0.5,
    stretch: 0.3,
  },
  { id: 'jwks', title: 'JWKS', ...engine('jwks'), count: 6000, goal: 0.5, stretch: 0.3 },
  {
    id: 'introspection',
    title: 'introspection with the facts of now',
    ...engine('introspection'),
    count: 1500,
    goal: 1.4,
    stretch: 1.1,
  },
  {
    id: 'userinfo',
    title: 'userinfo with the facts of now',
    ...engine('userinfo'),
    count: 1500,
    goal: 1.4,
    stretch: 1.1,
  },
  {
    id: 'refresh',
    title: 'refresh',
    ...engine('refresh'),
    count: 1000,
    ceiling: 1.3,
    goal: 1.15,
    stretch: 0.9,
  },
  {
    id: 'second-court',
    title: 'sign-in at a second court',
    ...engine('second-court'),
    count: 600,
    ceiling: 1.5,
    goal: 1.3,
    stretch: 0.9,
  },
  {
    id: 'sign-in',
    title: 'full sign-in, hash stubbed',
    ...engine('sign-in'),
    count: 600,
    ceiling: 1.4,
    goal: 1.25,
    stretch: 1,
  },
  {
    id: 'filer-sign-in',
    title: 'the same with the redaction notice (engine: without)',
    ours: { server: 'ours', operation: 'filer-sign-in' },
    baseline: { server: 'engine', operation: 'sign-in' },
    count: 400,
    goal: 1.8,
    stretch: 1.6,
  },
  {
    id: 'unlinked-sign-in',
    title: 'the same where linking is due, and left for later (engine: without)',
    ours: { server: 'ours', operation: 'unlinked-sign-in' },
    baseline: { server: 'engine', operation: 'sign-in' },
    count: 400,
  },
  {
    id: 'rules-sign-in',
    title: 'the same with new rules of use (engine: without)',
    ours: { server: 'ours', operation: 'rules-sign-in' },
    baseline: { server: 'engine', operation: 'sign-in' },
    count: 400,
  },
  {
    id: 'password',
    title: 'one password verification',
    ours: { server: 'hash', path: '/ours' },
    baseline: { server: 'hash', path: '/bare' },
    count: 150,
    goal: 1.15,
  },
  {
    id: 'real-sign-in',
    title: 'full sign-in, real hash (against hash and one signature)',
    ours: { server: 'ours-real-hash', operation: 'sign-in' },
    baseline: { server: 'hash', path: '/bare-and-sign' },
    count: 150,
    goal: 1.5,
    stretch: 1.35,
  },
]

const nation = (operation: OperationName, title: string, count: number): Comparison => ({
  id: `nation-${operation}`,
  title: `${title}, 10⁶ accounts against 10³`,
  ours: { server: 'ours-nation', operation },
  baseline: { server: 'ours', operation },
  count,
  goal: 1.1,
})

/** The same operation on a database of national size, both sides ours. */
export const nationComparisons: readonly Comparison[] = [
  nation('introspection', 'introspection', 1000),
  nation('refresh', 'refresh', 600),
  nation('second-court', 'sign-in at a second court', 250),
  nation('sign-in', 'full sign-in, hash stubbed', 250),
]

/** Limits that are not ratios against a baseline. */
export const limits = {
  /** What one more step costs a sign-in, as a share of the bare engine's. */
  stepShare: 0.25,
  besideSignIns: { ceilingP50: 2, goalP50: 1.5, goalP99: 3 },
  longGrant: { kilobytes: 50, revokeMilliseconds: 5 },
  startMilliseconds: { postgres: 1200, embedded: 3000 },
  residentMegabytes: { idle: 200, underLoad: 400 },
} as const
