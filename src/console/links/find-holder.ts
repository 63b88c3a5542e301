import type { Posted } from '../../http/form-kit.ts'
import type { Fields } from '../../http/read-form.ts'
import type { AccountId } from '../../ids.ts'
import type { AfterStaffForm, ConsoleAnswer } from '../console-gate.ts'
import type { CourtGate, CourtVisit } from '../court-gate.ts'
import { type FindingDeps, findPerson } from '../people/find-person.ts'
import { findPersonAt } from '../people/read-person.ts'
import type { LinkProblem } from './refusal-words.ts'

export type JoinDeps = FindingDeps & { readonly courtGate: CourtGate }

/** What was typed before, and what is wrong with it. */
export type JoinAgain = {
  readonly status?: number
  readonly typed?: Fields
  readonly problem?: LinkProblem
}

/** The fields of a query or of a form. */
export type Query = Readonly<Record<string, unknown>>

/** The person in the query or the form, where this court may see who it is. */
export async function findHolder(
  deps: JoinDeps,
  { court, account }: CourtVisit,
  { number, found }: Query,
): Promise<AccountId | undefined> {
  if (typeof number !== 'string' || number === '') return undefined
  const viewer = { staffId: account.id, found }
  return (await findPersonAt(deps, court, number, viewer))?.account.id
}

/** Looks for a person by number and name. @param to the page that shows who was found. */
export async function lookForPerson(
  deps: JoinDeps,
  visit: CourtVisit,
  posted: Posted<{ readonly number: string; readonly familyName: string }>,
  to: (number: string, found: string) => string,
  show: (again: JoinAgain) => Promise<ConsoleAnswer>,
): Promise<AfterStaffForm> {
  const nobody = 'Nobody was found'
  if (!posted.ok) {
    const { typed, problems } = posted
    return show({ status: 422, typed, problem: { heading: nobody, problems } })
  }
  const found = await findPerson(deps, visit, posted.value)
  if (found.ok) return { to: to(posted.value.number, found.value) }
  const { status, text } = found
  return show({ status, typed: posted.value, problem: { heading: nobody, text } })
}

/** What the form carries on of the query. */
export function hiddenOf({ number, found, account }: Query): Fields {
  const named = Object.entries({ number, found, account })
  return Object.fromEntries(
    named.flatMap(([name, value]) => (typeof value === 'string' && value ? [[name, value]] : [])),
  )
}
