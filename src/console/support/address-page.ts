import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { ConsoleContent } from '../frame.ts'
import type { ActProblem } from './act-page.ts'
import {
  supportAccountPath,
  supportAddressDecisionPath,
  supportAddressPath,
} from './support-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type AddressForm = {
  account: { readonly name: string; readonly number: string; readonly username: string }
  /** The present address, in words. */
  email: string
  csrf: string
  typed: Fields
  problem?: ActProblem | undefined
}

/** The first of two people proposes another address. */
export function proposeAddressContent(
  model: AddressForm & {
    /** Why nothing can be proposed now. */
    notPossible?: string | undefined
  },
): ConsoleContent {
  return {
    title: titleOf('Change the e-mail address', model),
    body: template('propose-address', {
      ...shared(model),
      action: supportAddressPath(model.account.number),
    }),
  }
}

/** A proposal as the second person sees it, everything in words. */
export type ProposalOnPage = {
  readonly id: string
  readonly toEmail: string
  readonly proof: string
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: string
  /** Until when it waits for what comes next. */
  readonly until: string
  readonly isApproved: boolean
  /** When the reader of the present address said that this is not wanted. */
  readonly objectedAt?: string | undefined
}

/** What waits: for the second person, who approves or declines, or for the press of the holder. */
export function addressProposalContent(
  model: AddressForm & {
    proposal: ProposalOnPage
    /** Who looks at it is who proposed it. */
    isProposer: boolean
  },
): ConsoleContent {
  const { proposal } = model
  const title = proposal.isApproved
    ? 'Another e-mail address was approved'
    : 'Another e-mail address was proposed'
  return {
    title: titleOf(title, model),
    body: template('address-proposal', {
      ...shared(model),
      title,
      action: supportAddressDecisionPath(model.account.number),
      decisions: [
        {
          value: 'approve',
          label: 'Approve it',
          text: 'The new address gets a link. When its reader presses that, it is the address of the account.',
        },
        { value: 'decline', label: 'Decline it', text: 'Nothing changes.' },
      ],
    }),
  }
}

function titleOf(title: string, { problem }: AddressForm): string {
  return `${problem ? 'Error: ' : ''}${title}`
}

function shared<Form extends AddressForm>(model: Form) {
  const problems = model.problem?.problems ?? []
  return {
    ...model,
    back: supportAccountPath(model.account.number),
    summary: model.problem,
    problem: (field: string) => problemOf(problems, field),
  }
}
