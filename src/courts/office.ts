/** An office of a court's clerk, as the court keeps it. */
export type Office = {
  readonly name: string
  /** `(704) 350-7400`, or with `ext. 12` behind it; null: the court gives none. */
  readonly telephone: string | null
  /** When somebody answers, in the court's own words, by the clock of the office. */
  readonly hours: string | null
  /** An IANA name, for example `America/New_York`. */
  readonly timeZone: string
}

/** An office with what tells it from others of its court, whatever becomes of its name. */
export type KeptOffice = Office & { readonly id: string }

export const officeLimits = { offices: 12, nameLength: 100, hoursLength: 160 } as const

/** The zones of the federal courts: one for each clock, by the name that people give it. */
export const officeZones: Readonly<Record<string, string>> = {
  'America/New_York': 'Eastern time',
  'America/Chicago': 'Central time',
  'America/Denver': 'Mountain time',
  'America/Phoenix': 'Mountain time without daylight saving (Arizona)',
  'America/Los_Angeles': 'Pacific time',
  'America/Anchorage': 'Alaska time',
  'Pacific/Honolulu': 'Hawaii time',
  'America/Puerto_Rico': 'Atlantic time',
  'Pacific/Guam': 'Chamorro time',
}

/** The same clock under another name of the database of time zones. */
const sameClock: Readonly<Record<string, string>> = {
  'America/Detroit': 'America/New_York',
  'America/Indiana/Indianapolis': 'America/New_York',
  'America/Kentucky/Louisville': 'America/New_York',
  'America/Boise': 'America/Denver',
  'America/St_Thomas': 'America/Puerto_Rico',
  'Pacific/Saipan': 'Pacific/Guam',
}

/** The zone of `officeZones` whose clock a court's zone shows. */
export function officeZone(timeZone: string): string {
  return sameClock[timeZone] ?? timeZone
}

/** `Eastern time`. */
export function zoneInWords(timeZone: string): string {
  return officeZones[officeZone(timeZone)] ?? timeZone
}

/** A telephone number of the United States as the courts write it; undefined where it is none. */
export function readTelephone(typed: string): string | undefined {
  const [, number = '', extension] =
    /^([\d\s().+-]+?)(?:\s*(?:ext\.?|x)\s*(\d{1,6}))?$/i.exec(typed.trim()) ?? []
  const digits = number.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '')
  if (!/^[2-9]\d{9}$/.test(digits)) return undefined
  const text = `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`
  return extension === undefined ? text : `${text} ext. ${extension}`
}

/** What a link calls: `tel:+17043507400`. */
export function callAddress(telephone: string): string {
  const [number = '', extension] = telephone.split(/ext\.?/)
  const call = `tel:+1${number.replace(/\D/g, '')}`
  return extension === undefined ? call : `${call};ext=${extension.trim()}`
}
