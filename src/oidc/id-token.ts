/** Libraries keep an ID token in cookies and send it as a hint: from 4 KB on they break. */
const maximumBytes = 2048
/** `efiling` is in the ID token of clients of up to so many courts; userinfo has it for every client. */
const maximumCourts = 5

/** The longest signature in base64url: RSA with 4096 bits. P-256 takes 86 characters. */
const signatureBytes = { ES256: 86, RS256: 683 } as const
/** Header, dots, and the claims that are added at signing: `iss`, `aud`, `iat`, `exp`. */
const fixedBytes = 128

/** Whether the ID tokens of a client of so many courts state rights to file. */
export function statesEfiling(courtCount: number): boolean {
  return courtCount <= maximumCourts
}

/**
 * The claims of an ID token without `efiling` where the token would be longer than promised. A client of
 * one court always has its entry; of five courts where somebody files at all, five do not fit.
 * @param context the issuer and the client, whose names are in the token too.
 */
export function fitIdToken<Claims extends Record<string, unknown>>(
  claims: Claims,
  context: { issuer: string; clientId: string; courtCount: number; algorithm: 'ES256' | 'RS256' },
): Claims {
  if (context.courtCount <= 1 || claims['efiling'] === undefined) return claims
  const json = JSON.stringify({ ...claims, iss: context.issuer, aud: context.clientId })
  const bytes =
    Math.ceil((Buffer.byteLength(json) * 4) / 3) + fixedBytes + signatureBytes[context.algorithm]
  if (bytes <= maximumBytes) return claims
  const { efiling: _, ...rest } = claims
  return rest as Claims
}
