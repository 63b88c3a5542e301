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
const rights = ['efiling'] as const

/** Whether the ID tokens of a client of so many courts state rights to file. */
export function statesEfiling(courtCount: number): boolean {
  return courtCount <= maximumCourts
}

/**
 * The claims of an ID token without what makes it longer than promised, one after the other until it
 * fits. Rights of several courts go first (of five courts where somebody files at all, five do not
 * fit); the entry of a client's one court goes last, when nothing else is left to leave out.
 * @param context the issuer and the client, whose names are in the token too.
 */
export function fitIdToken<Claims extends Record<string, unknown>>(
  claims: Claims,
  context: { issuer: string; clientId: string; courtCount: number; signatureBytes: number },
): Claims {
  const order = context.courtCount > 1 ? [rights, ...dispensable] : [...dispensable, rights]
  let fitted: Record<string, unknown> = claims
  for (const members of order) {
    if (bytesOf(fitted, context) <= maximumBytes) break
    fitted = Object.fromEntries(
      Object.entries(fitted).filter(([name]) => !(members as readonly string[]).includes(name)),
    )
  }
  return fitted as Claims
}

function bytesOf(
  claims: Record<string, unknown>,
  { issuer, clientId, signatureBytes }: Parameters<typeof fitIdToken>[1],
): number {
  const json = JSON.stringify({ ...claims, iss: issuer, aud: clientId })
  return Math.ceil((Buffer.byteLength(json) * 4) / 3) + fixedBytes + signatureBytes
}
