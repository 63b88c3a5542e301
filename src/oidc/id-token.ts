/** Libraries keep an ID token in cookies and send it as a hint: from 4 KB on they break. */
const maximumBytes = 2048
/** `efiling` is in the ID token of clients of up to so many courts; userinfo has it for every client. */
const maximumCourts = 5

/** Header, dots, and the claims that are added at signing: `iss`, `aud`, `iat`, `exp`. */
const fixedBytes = 128

/**
 * What userinfo has, too, and an ID token can do without, the least missed first: a part of the name
 * stands in `name`, and people are known by `sub`.
 */
const dispensable = [
  ['given_name', 'family_name'],
  ['email', 'email_verified'],
  ['name'],
  ['preferred_username'],
  ['pacer'],
] as const

type Claims = Record<string, unknown>

const without =
  (...members: readonly string[]) =>
  (claims: Claims): Claims =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !members.includes(name)))

const withoutRights = without('efiling')

/** What a court decided stays; the one member of it that can be long is in userinfo. */
function withoutFilerIds(claims: Claims): Claims {
  const entries = Object.entries((claims['efiling'] ?? {}) as Record<string, Claims>)
  const shorter = entries.map(([court, entry]) => [court, without('filer_id')(entry)])
  return { ...claims, ...(claims['efiling'] ? { efiling: Object.fromEntries(shorter) } : {}) }
}

/** Whether the ID tokens of a client of so many courts state rights to file. */
export function statesEfiling(courtCount: number): boolean {
  return courtCount <= maximumCourts
}

/**
 * The claims of an ID token without what makes it longer than promised, one after the other until it
 * fits. Rights of several courts go first (of five courts where somebody files at all, five do not
 * fit). The entry of a client's one court stays, at last without its `filer_id`; it goes only where a
 * signature is longer than that of a key of 3072 bits.
 * @param context the issuer and the client, whose names are in the token too.
 */
export function fitIdToken(
  claims: Claims,
  context: { issuer: string; clientId: string; courtCount: number; signatureBytes: number },
): Claims {
  const others = dispensable.map((members) => without(...members))
  const steps =
    context.courtCount > 1
      ? [withoutRights, ...others]
      : [...others, withoutFilerIds, withoutRights]
  let fitted = claims
  for (const shorten of steps) {
    if (bytesOf(fitted, context) <= maximumBytes) break
    fitted = shorten(fitted)
  }
  return fitted
}

function bytesOf(
  claims: Claims,
  { issuer, clientId, signatureBytes }: Parameters<typeof fitIdToken>[1],
): number {
  const json = JSON.stringify({ ...claims, iss: issuer, aud: clientId })
  return Math.ceil((Buffer.byteLength(json) * 4) / 3) + fixedBytes + signatureBytes
}
