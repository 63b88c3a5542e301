import { afterEach, expect, test, vi } from 'vitest'
import type { PersonFacts } from '../../src/efiling/facts.ts'
import type { AccountId } from '../../src/ids.ts'
import { createAnsweredFacts } from '../../src/signin/answered-facts.ts'

const factsOf = (id: string) => ({ account: { id } }) as PersonFacts
const jane = 'jane' as AccountId
const nora = 'nora' as AccountId

afterEach(() => {
  vi.useRealTimers()
})

test('what an answer was decided from is shown once, on the page that follows', () => {
  const answered = createAnsweredFacts()
  const facts = factsOf(jane)
  answered.keep('interaction', facts)
  expect(answered.take('interaction', jane)).toBe(facts)
  expect(answered.take('interaction', jane)).toBeUndefined()
})

test('it is shown to nobody else, and not to this person after somebody else came', () => {
  const answered = createAnsweredFacts()
  answered.keep('interaction', factsOf(jane))
  expect(answered.take('other', jane)).toBeUndefined()
  expect(answered.take('interaction', nora)).toBeUndefined()
  expect(answered.take('interaction', jane)).toBeUndefined()
  answered.keep('interaction', factsOf(jane))
  expect(answered.take('interaction', undefined)).toBeUndefined()
})

test('a page that comes two seconds later reads for itself', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 })
  const answered = createAnsweredFacts()
  answered.keep('early', factsOf(jane))
  answered.keep('late', factsOf(jane))
  vi.setSystemTime(1_001_999)
  expect(answered.take('early', jane)).toBeDefined()
  vi.setSystemTime(1_002_000)
  expect(answered.take('late', jane)).toBeUndefined()
})

test('a thousand are kept, and the oldest go first', () => {
  const answered = createAnsweredFacts()
  for (let n = 0; n <= 1000; n += 1) answered.keep(`interaction ${n}`, factsOf(jane))
  expect(answered.take('interaction 0', jane)).toBeUndefined()
  expect(answered.take('interaction 1', jane)).toBeDefined()
  expect(answered.take('interaction 1000', jane)).toBeDefined()
})
