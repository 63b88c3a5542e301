import { loadTemplates } from '../../http/page-shell.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

export type VendorOnPage = {
  readonly clientId: string
  readonly name: string
  readonly courtNames: readonly string[]
  /** What it may do, as sentences. */
  readonly wants: readonly string[]
  readonly allowedAt: Date
}

/** What vendors' applications may do; `withdraw` is the form that takes it back. */
export function applicationsContent(model: {
  vendors: readonly VendorOnPage[]
  /** An application that has just been taken back what it was allowed. */
  withdrawnFrom?: string | undefined
  withdraw: { action: string; csrf: string }
}): PortalContent {
  return {
    title: 'Applications that may act with your account',
    body: template('applications', {
      ...model,
      vendors: model.vendors.map((vendor) => ({
        ...vendor,
        allowedAt: dayAndTime(vendor.allowedAt),
      })),
    }),
  }
}
