import { describe, expect, test } from 'vitest'
import type { AccountFacts } from '../../src/accounts/account.ts'
import { nextSteps } from '../../src/portal/next-steps.ts'
import { accountInOrder as account } from '../support/account-facts.ts'

const ncwd = { id: 'ncwd', name: 'Western District', status: 'active' } as const
const idsFor = (change: Partial<AccountFacts>, courts: Parameters<typeof nextSteps>[1] = [ncwd]) =>
  nextSteps({ ...account, ...change }, courts).map(({ id }) => id)

describe('what to do next', () => {
  test('is nothing where everything is in order', () => {
    expect(idsFor({})).toEqual([])
  })

  test.each<[string, Partial<AccountFacts>, string[]]>([
    ['an address that is not confirmed', { isEmailVerified: false }, ['confirm-email']],
    ['no address at all', { email: null, isEmailVerified: false }, ['add-email']],
    ['a legacy account', { isUpgraded: false }, ['upgrade']],
    ['search that is inactive', { searchStatus: 'inactive' }, ['search-again']],
  ])('names %s', (_, change, steps) => {
    expect(idsFor(change)).toEqual(steps)
  })

  test('begins with what somebody else has to do first, in the words of the state', () => {
    const held = { reason: 'support', since: 1_700_000_000 } as const
    const [step] = nextSteps({ ...account, state: 'held', held }, [ncwd])
    expect(step?.heading).toBe('The PACER Service Center has put this account on hold')
    // Search is part of it there, and no thing of its own.
    expect(idsFor({ state: 'in-review' })).toEqual(['in-review'])
  })

  test('never sends somebody to a court whose account cannot file', () => {
    expect(idsFor({ type: 'firm', searchStatus: 'inactive' }, [])).toEqual([])
    expect(idsFor({ type: 'shared' }, [])).toEqual([])
    expect(idsFor({ isUpgraded: false }, [{ ...ncwd, status: 'pending' }])).toEqual(['upgrade'])
  })

  test('is to find a court for who is linked to none', () => {
    expect(idsFor({}, [])).toEqual(['link-court'])
  })

  test('names the courts where a right is missing that was asked for or was there, three at most', () => {
    const courts = (['pending', 'suspended', 'lapsed', 'pending', 'revoked', 'none'] as const).map(
      (status, index) => ({ ...ncwd, id: `court${index}`, status }),
    )
    expect(idsFor({}, courts)).toEqual(['court-court0', 'court-court1', 'court-court2'])
  })

  test('is one press where nobody searched for six months, and a call where billing is missing', () => {
    const [unused] = nextSteps({ ...account, searchUsedAt: new Date(0) }, [ncwd])
    expect([unused?.id, unused?.press?.label]).toEqual([
      'search-again',
      'Switch case search on again',
    ])
    expect(unused?.text).toContain('inactive since July 1, 1970, because nobody signed in')
    const [notBilled] = nextSteps({ ...account, searchStatus: 'inactive' }, [ncwd])
    expect([notBilled?.id, notBilled?.press]).toEqual(['search-again', undefined])
    expect(notBilled?.text).toContain('call the PACER Service Center.')
  })

  test('says of inactive search that filing goes on, to who may file', () => {
    const [step] = nextSteps({ ...account, searchStatus: 'inactive' }, [ncwd])
    expect(step?.text).toContain('Filing is not affected.')
    const [legacy, search] = nextSteps(
      { ...account, isUpgraded: false, searchStatus: 'inactive' },
      [],
    )
    expect([legacy?.id, search?.text.includes('Filing')]).toEqual(['upgrade', false])
  })
})
