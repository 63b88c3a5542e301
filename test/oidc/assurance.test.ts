import { expect, test } from 'vitest'
import { assuranceLevels, decideAssurance, passwordLevel } from '../../src/oidc/assurance.ts'

const mfa = 'urn:uscourts:cso:acr:mfa'
const unknown = 'urn:example:acr:gold'

type Row = [
  what: string,
  request: { voluntary?: string[]; essential?: string[]; clientMinimum?: string },
  session: string | undefined,
  decision: 'met' | 'step-up' | 'unmet',
]

test.each<Row>([
  ['nothing is asked of a session', {}, passwordLevel, 'met'],
  ['nothing is asked and there is no session', {}, undefined, 'met'],
  ['a wish is met', { voluntary: [passwordLevel] }, passwordLevel, 'met'],
  ['a wish without a session', { voluntary: [passwordLevel] }, undefined, 'step-up'],
  ['a wish that nobody can meet is ignored', { voluntary: [mfa] }, passwordLevel, 'met'],
  ['an unknown wish is ignored', { voluntary: [unknown] }, undefined, 'met'],
  ['of several wishes one is met', { voluntary: [mfa, passwordLevel] }, passwordLevel, 'met'],
  ['an essential level is met', { essential: [passwordLevel] }, passwordLevel, 'met'],
  ['an essential level without a session', { essential: [passwordLevel] }, undefined, 'step-up'],
  ['an essential level that nobody reaches', { essential: [mfa] }, passwordLevel, 'unmet'],
  ['an unknown essential level', { essential: [unknown] }, undefined, 'unmet'],
  ['one of several essential levels', { essential: [mfa, passwordLevel] }, passwordLevel, 'met'],
  ['the registered minimum is met', { clientMinimum: passwordLevel }, passwordLevel, 'met'],
  ['the minimum without a session', { clientMinimum: passwordLevel }, undefined, 'step-up'],
  ['a minimum that nobody reaches', { clientMinimum: mfa }, passwordLevel, 'unmet'],
  ['an unknown minimum lets nobody in', { clientMinimum: unknown }, passwordLevel, 'unmet'],
  [
    'a minimum out of reach, whatever is wished',
    { clientMinimum: mfa, voluntary: [passwordLevel] },
    passwordLevel,
    'unmet',
  ],
  [
    'a session at a level that is no longer known',
    { essential: [passwordLevel] },
    unknown,
    'step-up',
  ],
])('%s', (_, { voluntary = [], essential, clientMinimum }, session, decision) => {
  expect(decideAssurance({ voluntary, essential, clientMinimum }, session)).toBe(decision)
})

test('only levels that somebody can reach are announced', () => {
  expect(assuranceLevels).toEqual(['urn:uscourts:cso:acr:pwd'])
})
