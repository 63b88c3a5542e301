import type { UserInfoResponse } from 'openid-client'
import { findEntry } from './efiling.ts'
import type { RelyingParty, SignIn } from './relying-party.ts'

/** What every court's application here is told at its start. */
export type CourtOptions = {
  readonly issuer: string
  readonly clientId: string
  readonly redirectUri: string
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** A court's application: what it is called, how it signs people in, and how it takes a document. */
export type Court = {
  /** The key of this court in the `efiling` claim. */
  readonly id: string
  readonly name: string
  /** Software of a vendor, which acts at the court of `id` for the person. */
  readonly isVendor?: boolean
  /** One sentence for developers: how this application talks to Central Sign-On. */
  readonly technique: string
  readonly relyingParty: RelyingParty
  file(signIn: SignIn, facts: UserInfoResponse): Promise<FilingAnswer>
}

export type FilingAnswer =
  | { readonly isFiled: true; readonly entry: number; readonly by: string }
  | { readonly isFiled: false; readonly reason: 'not-permitted' | 'sign-in-ended' | 'unavailable' }

/** A court that decides by itself: `efiling.<court>.actions`, fetched a moment ago, says `file`. */
export function createOwnDocket(courtId: string): Court['file'] {
  let entries = 0
  return async (_signIn, facts) => {
    const entry = findEntry(facts, courtId)
    if (!entry?.actions.includes('file')) return { isFiled: false, reason: 'not-permitted' }
    entries += 1
    return { isFiled: true, entry: entries, by: entry.filer_id ?? facts.sub }
  }
}
