import Router from '@koa/router'
import { z } from 'zod'
import { byAccount } from '../../audit/by.ts'
import type { ClientDirectory } from '../../clients/directory.ts'
import type { FormOf } from '../../http/form-kit.ts'
import { requestOrigin } from '../../http/request-context.ts'
import type { ClientId } from '../../ids.ts'
import { paths } from '../../paths.ts'
import { consentSentences, stayConnectedSentence } from '../../signin/consent-words.ts'
import type { PortalAnswer, PortalGate, PortalVisit } from '../portal-gate.ts'
import type { VendorGrants } from '../vendor-grants.ts'
import { applicationsContent } from './applications-page.ts'

export type ApplicationsRouteDeps = {
  readonly portal: PortalGate
  readonly directory: ClientDirectory
  readonly vendorGrants: VendorGrants
}

/** Takes back what a vendor's application was allowed. Nothing is typed into it. */
const withdrawal = {
  name: 'withdraw',
  page: paths.accountApplications,
  schema: z.object({ client: z.string().default('') }),
  keeps: [],
} satisfies FormOf<z.ZodType>

/** What vendors' applications may do with the account, and the way to take it back. */
export function applicationsRoutes(deps: ApplicationsRouteDeps): Router {
  const { portal, vendorGrants } = deps
  const router = new Router()

  router.get(
    paths.accountApplications,
    portal.page((visit) => show(deps, visit)),
  )

  router.post(
    paths.vendorWithdrawal,
    portal.form(withdrawal, async ({ ctx, account }, posted) => {
      const clientId = (posted.ok ? posted.value.client : '') as ClientId
      const by = byAccount(account.id, requestOrigin(ctx))
      await vendorGrants.end({ accountId: account.id, clientId }, by)
      const query = new URLSearchParams({ withdrawn: clientId })
      return { to: `${paths.accountApplications}?${query}` }
    }),
  )

  return router
}

async function show(deps: ApplicationsRouteDeps, visit: PortalVisit): Promise<PortalAnswer> {
  const vendors = await deps.vendorGrants.list(visit.account.id)
  return applicationsContent({
    vendors: vendors.map(({ clientId, clientName, courtNames, scopes, allowedAt }) => ({
      clientId,
      name: clientName,
      courtNames,
      wants: [
        ...consentSentences(scopes),
        ...(scopes.includes('offline_access') ? [stayConnectedSentence] : []),
      ],
      allowedAt,
    })),
    withdrawnFrom: await withdrawnFrom(deps, visit, vendors),
    withdraw: { action: paths.vendorWithdrawal, csrf: visit.tokenFor(withdrawal) },
  })
}

/** The vendor that the address names, if it is true that it may do nothing: anybody can write one. */
async function withdrawnFrom(
  { directory }: ApplicationsRouteDeps,
  { ctx }: PortalVisit,
  inForce: readonly { readonly clientId: ClientId }[],
): Promise<string | undefined> {
  const named = ctx.query['withdrawn']
  if (typeof named !== 'string' || inForce.some(({ clientId }) => clientId === named)) {
    return undefined
  }
  const client = await directory.find(named)
  return client?.kind === 'vendor' ? client.name : undefined
}
