import { expect, test } from 'vitest'
import { type Outcome, ok, type Refused, refused } from '../src/outcome.ts'

type Held = { readonly reason: 'held'; readonly byWhom: string }
type Paused = { readonly reason: 'paused'; readonly retryAfterSeconds: number }

test('a refusal carries what belongs to its reason, and a bare reason is one too', () => {
  const answers: Outcome<number, Held | Paused | 'gone'>[] = [
    ok(1),
    refused('held', { byWhom: 'ina' }),
    refused('paused', { retryAfterSeconds: 30 }),
    refused('gone'),
  ]
  expect(answers.map((answer) => (answer.ok ? answer.value : words(answer)))).toEqual([
    1,
    'held by ina',
    'paused for 30 s',
    'gone',
  ])
})

test('the compiler asks for the details of a reason, and for every reason in a switch', () => {
  // @ts-expect-error: the seconds are missing.
  const incomplete: Outcome<number, Held | Paused> = refused('paused')
  // @ts-expect-error: these are the details of another reason.
  const mistaken: Outcome<number, Held | Paused> = refused('held', { retryAfterSeconds: 30 })
  // @ts-expect-error: `paused` is left out, so that the function has an end without an answer.
  const forgetful = (refusal: Refused<Held | Paused>): string => {
    switch (refusal.reason) {
      case 'held':
        return refusal.byWhom
    }
  }
  expect([incomplete.ok, mistaken.ok]).toEqual([false, false])
  expect(forgetful(refused('held', { byWhom: 'ina' }))).toBe('ina')
})

function words(refusal: Refused<Held | Paused | 'gone'>): string {
  switch (refusal.reason) {
    case 'held':
      return `held by ${refusal.byWhom}`
    case 'paused':
      return `paused for ${refusal.retryAfterSeconds} s`
    case 'gone':
      return 'gone'
  }
}
