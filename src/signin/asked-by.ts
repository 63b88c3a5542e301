import type { Client } from '../clients/client.ts'

/** Who sent the browser here: the application, and the courts it acts for (none: all courts). */
export type AskedBy = {
  readonly clientName: string
  readonly courts: readonly { readonly name: string }[]
  /** Software of a vendor: its own name stands first, and the courts come after. */
  readonly isVendor?: boolean
}

export function askedBy({ name, kind, courts }: Pick<Client, 'name' | 'kind' | 'courts'>): AskedBy {
  return {
    clientName: name,
    courts: courts.map((court) => ({ name: court.name })),
    isVendor: kind === 'vendor',
  }
}
