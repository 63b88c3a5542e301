import { z } from 'zod'
import type { FormOf } from '../../http/form-kit.ts'
import { findingFields } from '../people/find-person.ts'
import { reasonText } from '../support/reason.ts'

const reasonMissing = 'Enter why: the person is told it, and your colleagues read it later'

/** By which a clerk makes a link. */
const joinFields = z.object({
  /** Of whom it becomes, where the path does not say it; with the mark of who was found by name. */
  number: z.string().max(7).catch(''),
  found: z.string().max(200).catch(''),
  /** The account of the old system, where the path does not say it. */
  account: z.string().max(36).catch(''),
  /** Of the request that ends with it, as it stood on the page. */
  version: z.string().max(9).catch(''),
  onePerson: z.enum(['yes', '']).catch(''),
  reason: reasonText(reasonMissing),
})
export type JoinTyped = z.output<typeof joinFields>

/** @param page of the form, which is in its name as well: a token is good for one path. */
export function joinForm(page: string) {
  return {
    name: `link ${page}`,
    page,
    schema: joinFields,
    keeps: ['reason', 'onePerson', 'number', 'found', 'account', 'version'],
  } satisfies FormOf<z.ZodType>
}

/** What a clerk decides about a link that is there, with the reason. */
export function linkActForm(page: string) {
  return {
    name: `link ${page}`,
    page,
    schema: z.object({ reason: reasonText(reasonMissing) }),
    keeps: ['reason'],
  } satisfies FormOf<z.ZodType>
}

export function findPersonForm(page: string) {
  return {
    name: `link person ${page}`,
    page,
    schema: findingFields,
    keeps: ['number', 'familyName'],
  } satisfies FormOf<z.ZodType>
}

export function findAccountForm(page: string) {
  return {
    name: `link account ${page}`,
    page,
    schema: z.object({
      login: z
        .string({ error: 'Enter the login' })
        .trim()
        .min(1, 'Enter the login')
        .max(256, 'Shorten it to 256 characters'),
    }),
    keeps: ['login'],
  } satisfies FormOf<z.ZodType>
}
