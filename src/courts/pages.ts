import { loadTemplates, renderShell, webAddress } from '../http/page-shell.ts'
import { stateNames } from '../state-names.ts'
import { type ClerkOffice, type CourtType, courtGroupLabels } from './court.ts'
import type { GoLiveSection } from './go-live-section.ts'
import type { Office } from './office.ts'
import { officeList } from './office-list.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

const countdownScript = 'countdown.js'

export type ListedCourt = {
  id: string
  name: string
  /** `appellate`, `bap`, `bankruptcy`, `district` or `national`. */
  type: string
  typeLabel: string
  /** Two digits, `DC` or `FC`; null for the Judicial Panel on Multidistrict Litigation. */
  circuit?: string | null | undefined
  /** The city of its clerk, for example `Charlotte, NC`. */
  seat?: string | null | undefined
  isLive: boolean
  /** When the court came, or will come, to NextGen: a short sentence without a full stop. */
  goLiveText: string
}

/** The public directory: every court that was found, grouped by type, in the order given. */
export function courtsPage(model: {
  nonce: string
  courts: ListedCourt[]
  query?: string | undefined
  type?: string | undefined
}): string {
  const groups = new Map<string, { label: string; courts: object[] }>()
  for (const court of model.courts) {
    const group = groups.get(court.type) ?? {
      label: courtGroupLabels[court.type as CourtType] ?? court.typeLabel,
      courts: [],
    }
    group.courts.push({ ...court, circuit: circuitName(court.circuit) })
    groups.set(court.type, group)
  }
  const isFiltered = Boolean(model.query || model.type)
  return renderShell({
    nonce: model.nonce,
    title: isFiltered ? 'Courts found' : 'Courts',
    width: 'wide',
    body: template('courts', {
      query: model.query ?? '',
      type: model.type ?? '',
      types: Object.entries(courtGroupLabels),
      isFiltered,
      found: model.courts.length,
      groups: [...groups].map(([type, group]) => ({ type, ...group })),
    }),
  })
}

/** One court: where it is, on the web and on the map, and whom to ask. */
export function courtPage(model: {
  nonce: string
  court: {
    id: string
    name: string
    typeLabel: string
    circuit?: string | null | undefined
    /** Postal abbreviations. */
    states: string[]
    host: string
    webUrl?: string | null | undefined
    seat?: string | null | undefined
    /** The offices that the court keeps itself, the main one first; their telephones hold. */
    offices?: readonly Office[] | undefined
    /** The offices of its clerk as they were published, the main one first. */
    clerkOffices: readonly ClerkOffice[]
    /** The day of the source of the offices, in words. */
    clerkOfficesAsOf?: string | null | undefined
    goLiveText: string
  }
  /** What there is to do, and what is closed; undefined where that is nothing. */
  goLive?: GoLiveSection | undefined
}): string {
  const { court, goLive } = model
  return renderShell({
    nonce: model.nonce,
    title: court.name,
    scripts: goLive?.countdown && [countdownScript],
    body: template('court', {
      goLive,
      court: {
        ...court,
        circuit: circuitName(court.circuit),
        webUrl: webAddress(court.webUrl),
        states: court.states.map((state) => stateNames[state] ?? state),
        offices: officeList('clerk-office', { offices: court.offices ?? [], asOf: null }),
        clerkOffices: court.clerkOffices.map(({ address, phone }) => ({
          city: address?.split(', ').at(-2) ?? 'Office',
          address,
          phone,
          call: phone && `+1${phone.replace(/\D/g, '')}`,
        })),
      },
    }),
  })
}

const circuitNames: Record<string, string> = {
  '01': 'First Circuit',
  '02': 'Second Circuit',
  '03': 'Third Circuit',
  '04': 'Fourth Circuit',
  '05': 'Fifth Circuit',
  '06': 'Sixth Circuit',
  '07': 'Seventh Circuit',
  '08': 'Eighth Circuit',
  '09': 'Ninth Circuit',
  '10': 'Tenth Circuit',
  '11': 'Eleventh Circuit',
  DC: 'District of Columbia Circuit',
  FC: 'Federal Circuit',
}

function circuitName(circuit: string | null | undefined): string {
  return circuit ? (circuitNames[circuit] ?? circuit) : ''
}
