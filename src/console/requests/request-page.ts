import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import type { Problem } from '../../problem.ts'
import type { ConsoleContent } from '../frame.ts'
import { likeOwnWords } from '../like-own.ts'
import { courtLinkPath, linkRequestPath } from '../links/link-paths.ts'
import { personPath } from '../people/people-paths.ts'
import type { AnswerAct, RequestAct } from './forms.ts'
import {
  courtRequestPath,
  courtRequestsPath,
  requestActPath,
  requestDocumentPath,
} from './request-paths.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type RequestProblem = {
  readonly heading: string
  readonly text?: string | undefined
  readonly problems?: readonly Problem[] | undefined
}

type PageCourt = { readonly id: string; readonly name: string }

/** A request in words, as far as every page of it says who asks for what. */
export type RequestHead = {
  readonly number: string
  readonly version: number
  readonly name: string
  readonly asksFor: string
}

/** Everything about a request, in words. */
export type RequestOnPage = RequestHead & {
  readonly stands: string
  readonly tone: 'pending' | 'active' | 'revoked' | 'lapsed'
  /** Since when, and how long of it was the clerk's. */
  readonly since: string
  readonly assigned: string
  readonly submitted: readonly {
    readonly label: string
    readonly text: string
    /** Of a document: its id. */
    readonly document?: string | undefined
  }[]
  readonly account: readonly (readonly [label: string, text: string])[]
  readonly alike: readonly {
    readonly name: string
    readonly number: string
    /** What is the same. */
    readonly same: string
    readonly filerId: string | null
    readonly openRequest: string | null
  }[]
  /** Accounts of the court's old system that it may be. */
  readonly imported: readonly {
    readonly id: string
    readonly login: string
    readonly name: string
    readonly state: string
    readonly same: string
    /** The link by which it is somebody's already. */
    readonly linkId: string | null
    readonly canBeLinked: boolean
  }[]
  /** What this court wants done with whoever has an account from before. */
  readonly oldAccountRule: string
  readonly events: readonly {
    readonly text: string
    readonly message: string | null
    readonly at: string
    readonly by: string | undefined
  }[]
}

export const actLabels: Readonly<Record<RequestAct, string>> = {
  approve: 'Approve',
  ask: 'Ask the filer',
  wait: 'Say what it waits for',
  deny: 'Deny',
  hand: 'Hand it to a colleague',
}

/** A request with everything that the clerk decides on. */
export function requestContent(model: {
  court: PageCourt
  request: RequestOnPage
  /** Who looks at it may be who asks. */
  isOwn: boolean
  /** Who asks has something in common with who looks at it. */
  isLikeOwn?: boolean
  /** What can be done with it now. */
  acts: readonly RequestAct[]
  assign: { readonly csrf: string; readonly from: string; readonly isMine: boolean }
  problem?: RequestProblem | undefined
}): ConsoleContent {
  const { court, request, problem, assign } = model
  return {
    title: `${problem ? 'Error: ' : ''}${request.name}, request ${request.number}`,
    body: template('request', {
      ...model,
      likeOwn: model.isLikeOwn && likeOwnWords,
      acts: model.acts.map((act) => ({
        id: act,
        label: actLabels[act],
        url: requestActPath(court.id, request.number, act),
        isFirst: act === 'approve',
      })),
      assign: {
        ...assign,
        action: courtRequestPath(court.id, request.number),
        to: assign.isMine ? 'nobody' : 'me',
        label: assign.isMine ? 'Give it back' : assign.from ? 'Take it over' : 'Take it on',
      },
      submitted: request.submitted.map(({ document, ...fact }) => ({
        ...fact,
        url: document && requestDocumentPath(court.id, request.number, document),
      })),
      account: request.account,
      alike: request.alike.map((each) => ({
        ...each,
        // Of who only asks nothing is decided here.
        url:
          each.filerId !== null || each.openRequest === null
            ? personPath(court.id, each.number)
            : undefined,
        openRequest: each.openRequest && {
          number: each.openRequest,
          url: courtRequestPath(court.id, each.openRequest),
        },
      })),
      imported: request.imported.map((each) => ({
        ...each,
        link: each.linkId && courtLinkPath(court.id, each.linkId),
        join:
          each.canBeLinked && model.acts.length > 0
            ? linkRequestPath(court.id, request.number, each.id)
            : undefined,
      })),
      events: request.events,
      back: courtRequestsPath(court.id),
    }),
  }
}

/** A form to decide by, with what was typed into it. */
type ActModel = {
  court: PageCourt
  request: RequestHead
  csrf: string
  typed: Fields
  problem?: RequestProblem | undefined
}

type Choice = { readonly value: string; readonly label: string; readonly text?: string | undefined }

function shared(act: RequestAct, title: string, model: ActModel) {
  const problems = model.problem?.problems ?? []
  return {
    ...model,
    act,
    title,
    action: requestActPath(model.court.id, model.request.number, act),
    back: courtRequestPath(model.court.id, model.request.number),
    problemOf: (field: string) => problemOf(problems, field),
  }
}

function titled(title: string, { problem }: ActModel, body: string): ConsoleContent {
  return { title: `${problem ? 'Error: ' : ''}${title}`, body }
}

/** What the court gives. */
export function approveContent(
  model: ActModel & {
    roles: readonly (readonly [value: string, label: string])[]
    grants: readonly Choice[]
    admissions: readonly Choice[]
    /** The CM/ECF accounts that it can be. */
    filers: readonly Choice[]
  },
): ConsoleContent {
  const title = 'Approve the request'
  return titled(title, model, template('approve-request', shared('approve', title, model)))
}

/** A reason, or what it waits for, and the clerk's own words. */
export function answerContent(
  model: ActModel & {
    act: AnswerAct
    title: string
    meaning: string
    button: string
    choice: {
      readonly name: string
      readonly legend: string
      readonly choices: readonly Choice[]
    }
    message: { readonly label: string; readonly isOptional: boolean }
  },
): ConsoleContent {
  const { act, title } = model
  return titled(
    title,
    model,
    template('answer-request', { ...shared(act, title, model), ...model }),
  )
}

/** Who of this court gets it to look after. */
export function handContent(
  model: ActModel & {
    /** Who had it when the page was shown; empty for nobody. */
    from: string
    /** By account number. */
    colleagues: readonly (readonly [number: string, name: string])[]
  },
): ConsoleContent {
  const title = 'Hand the request to a colleague'
  return titled(title, model, template('hand-request', shared('hand', title, model)))
}

/** This court has no request of that number. */
export function unknownRequestContent(court: PageCourt): ConsoleContent {
  return {
    title: 'There is no such request',
    body: template('no-request', { court, back: courtRequestsPath(court.id) }),
  }
}
