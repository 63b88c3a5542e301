import type { ProposalRefusal } from '../../accounts/propose-address.ts'
import type { Problem } from '../../problem.ts'
import type { DecisionRefusal, StakeRefusal } from './take-address.ts'

const ownStake =
  'The account, its e-mail or the new address may be your own: it has your name and date of birth, or your e-mail address. Two other people of the PACER Service Center do this.'
const notSupport = 'Your account does not have the role for this any more.'

/** Why nothing was proposed. */
export const proposalRefusals: Readonly<
  Record<ProposalRefusal | StakeRefusal, { text?: string; problems?: readonly Problem[] }>
> = {
  'same-address': {
    problems: [
      { path: ['email'], message: 'Enter another address: this is the present one, and confirmed' },
    ],
  },
  'not-possible': {
    text: 'Nobody can get back into this account as it is: it is closed or disabled.',
  },
  'already-open': {
    text: 'Somebody else was faster: this is what was proposed. Decide about it first.',
  },
  'own-stake': { text: ownStake },
  'not-support': { text: notSupport },
}

/** Why nothing was decided. */
export const decisionRefusals: Readonly<Record<DecisionRefusal, string>> = {
  'own-stake': ownStake,
  'not-support': notSupport,
  'own-proposal':
    'You proposed this yourself, or from another account of the same person. Somebody else approves it.',
  'proposer-left':
    'Who proposed this does not work at the PACER Service Center any more. Decline it, and propose it again.',
  'not-now':
    'It is not as it was when you opened this page: somebody else decided, it waited too long, or the holder has changed the address. Look at the account again.',
}
