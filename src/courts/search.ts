import type { Court } from './court.ts'

type Searchable = Pick<
  Court,
  | 'id'
  | 'name'
  | 'type'
  | 'circuit'
  | 'states'
  | 'cmecfHost'
  | 'webUrl'
  | 'pacerCourtId'
  | 'pclCourtId'
  | 'seat'
  | 'clerkOffices'
>

/**
 * The courts that a person who typed this means. Found by: words of the name, state (`NC`), city of
 * the clerk (`Charlotte`), circuit (`4th circuit`, `CA4`), the abbreviation of citations with or without
 * full stops (`W.D.N.C.`, `SDNY`, `N.D. Cal.`), the codes of CM/ECF and PACER, and addresses on the
 * web (`ecf.ncwd`). Words may come in any order. Only where no court has the whole words do their
 * beginnings count: `Charlotte` is not Charlottesville. An empty query means all.
 */
export function findMeant<Found extends Searchable>(
  courts: readonly Found[],
  query: string,
): Found[] {
  if (query.trim() === '') return [...courts]
  const words = wordsOf(query).filter((word) => !smallWords.has(word))
  const host = hostIn(query)
  if (words.length === 0) return []

  const phrase = ` ${words.join(' ')} `
  const named = words.includes('court')
    ? courts.filter((court) => indexOf(court).name.includes(phrase))
    : []
  if (named.length > 0) return named
  const shortened = courts.filter((court) => indexOf(court).abbreviations.includes(words.join('')))
  if (shortened.length > 0) return shortened

  const isIn = (court: Searchable, isHit: (known: string, typed: string) => boolean): boolean => {
    const { words: known, hosts } = indexOf(court)
    return (
      words.every((word) => known.some((one) => isHit(one, word))) ||
      (host !== undefined && hosts.some((one) => isHit(one, host)))
    )
  }
  const exact = courts.filter((court) => isIn(court, (known, typed) => known === typed))
  if (exact.length > 0) return exact
  return courts.filter((court) => isIn(court, (known, typed) => known.startsWith(typed)))
}

/** The host in what was typed or pasted: `https://ecf.ncwd.uscourts.gov/doc1`, or its beginning. */
function hostIn(query: string): string | undefined {
  const host = query
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .split('/')[0]!
  return host.includes('.') ? host : undefined
}

const smallWords = new Set(['the', 'of', 'for', 'in', 'and', 'at'])

/** `W.D.N.C.` is one word; accents, apostrophes and capitals make no difference. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFD')
    .replace(/united states/i, 'US')
    .replace(/[\p{M}.'’]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => shortForms[word] ?? word)
}

const shortForms: Record<string, string> = {
  saint: 'st',
  fort: 'ft',
  bankr: 'bankruptcy',
  bk: 'bankruptcy',
  cir: 'circuit',
  dist: 'district',
  ct: 'court',
}

type Index = {
  /** The words of the name that count, between blanks. */
  readonly name: string
  readonly words: readonly string[]
  readonly abbreviations: readonly string[]
  readonly hosts: readonly string[]
}

/** What is searched is the same as long as the process lives: it comes with the release. */
const indexes = new Map<string, Index>()

function indexOf(court: Searchable): Index {
  const known = indexes.get(court.id)
  if (known) return known
  const cities = court.clerkOffices.flatMap(({ address }) => address?.split(', ').at(-2) ?? [])
  const shortened = abbreviations(court)
  const texts = [
    court.name,
    court.id,
    court.pacerCourtId ?? '',
    court.pclCourtId ?? '',
    court.seat ?? '',
    ...cities,
    ...court.states,
    ...shortened,
    ...(isOfCircuit(court) ? (ordinals[court.circuit ?? ''] ?? []) : []),
  ]
  const name = wordsOf(court.name).filter((word) => !smallWords.has(word))
  const index: Index = {
    name: ` ${name.join(' ')} `,
    words: [...new Set(texts.flatMap(wordsOf))],
    abbreviations: shortened,
    hosts: hostsOf(court),
  }
  indexes.set(court.id, index)
  return index
}

function isOfCircuit(court: Searchable): boolean {
  return court.type === 'appellate' || court.type === 'bap'
}

/** How citations and lawyers shorten the court, without blanks and full stops. */
function abbreviations(court: Searchable): string[] {
  const [, part, state = ''] =
    /^U\.S\. (?:District|Bankruptcy) Court for the (?:(\w+) )?District of (.+?)(?: \(|$)/.exec(
      court.name,
    ) ?? []
  const [postal = ''] = court.states
  if (isOfCircuit(court)) {
    const numbers = ordinals[court.circuit ?? ''] ?? []
    return numbers.flatMap((one) => [`${one}circuit`, `ca${one}`, `c${court.circuit}`])
  }
  if (!state) return special[court.id] ?? []
  const kind = court.type === 'bankruptcy' ? 'bankruptcy' : 'usdc'
  const district = `${part ? part.charAt(0).toLowerCase() : ''}d`
  return [postal, bluebook[postal] ?? '', state]
    .map((text) => wordsOf(text).join(''))
    .filter(Boolean)
    .flatMap((text) => [`${district}${text}`, `${kind}${district}${text}`])
}

const special: Record<string, string[]> = {
  cofc: ['uscfc', 'cofc', 'fedcl'],
  cit: ['uscit', 'courtinttrade'],
  jpml: ['jpml', 'mdl', 'mdlpanel'],
  gud: ['dguam'],
  vid: ['dvi'],
  nmid: ['dnmi', 'dnmari'],
}

/** Digits, ordinal and word of each circuit; `cadc` and `cafc` have letters. */
const ordinals: Record<string, string[]> = Object.fromEntries([
  ...['1st', '2nd', '3rd', ...[4, 5, 6, 7, 8, 9, 10, 11].map((number) => `${number}th`)].map(
    (ordinal, index) => [
      String(index + 1).padStart(2, '0'),
      [
        ordinal,
        String(index + 1),
        ...(ordinal === '2nd' ? ['2d'] : ordinal === '3rd' ? ['3d'] : []),
      ],
    ],
  ),
  ['DC', ['dc']],
  ['FC', ['fed', 'fc']],
])

/** The states as citations shorten them, where that is not the postal code. */
const bluebook: Record<string, string> = {
  AL: 'Ala',
  AK: 'Alaska',
  AZ: 'Ariz',
  AR: 'Ark',
  CA: 'Cal',
  CO: 'Colo',
  CT: 'Conn',
  DE: 'Del',
  FL: 'Fla',
  ID: 'Idaho',
  IL: 'Ill',
  IN: 'Ind',
  IA: 'Iowa',
  KS: 'Kan',
  ME: 'Me',
  MA: 'Mass',
  MI: 'Mich',
  MN: 'Minn',
  MS: 'Miss',
  MO: 'Mo',
  MT: 'Mont',
  NE: 'Neb',
  NV: 'Nev',
  NM: 'N Mex',
  OH: 'Ohio',
  OK: 'Okla',
  OR: 'Or',
  PA: 'Pa',
  PR: 'PR',
  SC: 'SC',
  TN: 'Tenn',
  TX: 'Tex',
  VA: 'Va',
  VT: 'Vt',
  WA: 'Wash',
  WV: 'W Va',
  WI: 'Wis',
  WY: 'Wyo',
}

function hostsOf(court: Searchable): string[] {
  const web = court.webUrl ? (URL.parse(court.webUrl)?.hostname ?? '') : ''
  return [court.cmecfHost, court.cmecfHost.replace(/^ecf\./, ''), web, web.replace(/^www\./, '')]
}
