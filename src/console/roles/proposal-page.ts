import { displayName } from '../../accounts/account.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import { paths } from '../../paths.ts'
import type { SeenProposal } from '../../staff/role-proposal-store.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ActProblem } from '../support/act-page.ts'
import { roleProposalPath } from './role-paths.ts'
import { roleName } from './role-words.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** Whom a proposal is about, so that nobody is taken for somebody else. */
export function personIn(person: Parameters<typeof displayName>[0] & { readonly number: string }) {
  return `${displayName(person)}, account number ${person.number}`
}

/** What became of a proposal, as a sentence without its period. */
export function endingWords({ ending, endedAt, deciderName, decisionReason }: SeenProposal) {
  const at = endedAt ? dayAndTime(endedAt) : ''
  if (ending === 'expired') return `Ran out, as nobody decided, ${at}`
  const did = { approved: 'Approved', declined: 'Declined', 'taken-back': 'Taken back' } as const
  return `${did[ending ?? 'declined']} by ${deciderName}, ${at}: ${decisionReason}`
}

/** A proposed role: for the second registrar, who approves or declines, and for whoever reads the list. */
export function roleProposalContent(model: {
  proposal: SeenProposal
  /** What whoever looks at it can do. */
  can: 'decide' | 'take-back' | 'read'
  /** It is for the account of who looks at it. */
  isFor: boolean
  csrf: string
  typed: Fields
  problem?: ActProblem | undefined
}): ConsoleContent {
  const { proposal, problem } = model
  const isOpen = proposal.ending === null
  return {
    title: `${problem ? 'Error: ' : ''}${isOpen ? 'A role was proposed' : 'A role that was proposed'}`,
    body: template('role-proposal', {
      ...model,
      role: roleName(proposal.role, proposal.courtName),
      person: personIn(proposal),
      proposedAt: dayAndTime(proposal.createdAt),
      until: dayAndTime(proposal.expiresAt),
      ended: isOpen ? undefined : endingWords(proposal),
      action: roleProposalPath(proposal.id),
      back: paths.staffRoles,
      summary: problem,
      problem: (field: string) => problemOf(problem?.problems ?? [], field),
      decisions: [
        {
          value: 'approve',
          label: 'Approve it',
          text: 'The person has the role at once, and is told.',
        },
        { value: 'decline', label: 'Decline it', text: 'Nothing changes.' },
      ],
    }),
  }
}

/** There is no such proposal, or no such role. @param back the list. */
export function unknownRoleContent(
  back: string = paths.staffRoles,
): ConsoleContent & { readonly status: number } {
  return { title: 'This is not here any more', body: template('no-role', { back }), status: 404 }
}
