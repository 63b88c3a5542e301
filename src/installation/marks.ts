import { createHmac, type KeyObject } from 'node:crypto'
import type { Keys } from '../signing/key-store.ts'
import { masterSealingKey } from '../signing/secrets.ts'

export type MarkKind = 'issuer' | 'master' | 'cookie' | 'pepper' | 'sealing' | 'signing-key'

/**
 * One secret (or the issuer) that this database has been used with. A pepper, a sealing key
 * and a signing key are named by their ids, a cookie key by its own fingerprint; of the issuer and the master there is one
 * each. Signing keys come and go and are not compared: their marks say since when they are here.
 */
export type Mark = { readonly kind: MarkKind; readonly name: string; readonly mark: string }

/** 128 bits that say which key it is and nothing of what it is: keys here are random. */
function fingerprint(key: Buffer | KeyObject): string {
  return createHmac('sha256', key).update('central-sign-on fingerprint').digest('hex').slice(0, 32)
}

/** The marks of a process with these keys and secrets, serving this issuer. */
export function marksOf(issuer: string, { secrets, signing }: Keys): Mark[] {
  const cookies = secrets.cookies.map((key) => fingerprint(Buffer.from(key, 'base64')))
  return [
    { kind: 'issuer', name: '', mark: issuer },
    // Everything that the master keys is derived from it; one part of it tells them apart.
    { kind: 'master', name: '', mark: fingerprint(secrets.identifiers) },
    ...cookies.map((mark): Mark => ({ kind: 'cookie', name: mark, mark })),
    ...secrets.peppers.map(
      ({ id, key }): Mark => ({ kind: 'pepper', name: id, mark: fingerprint(key) }),
    ),
    ...secrets.sealingKeys.map(
      ({ id, key }): Mark => ({ kind: 'sealing', name: id, mark: fingerprint(key) }),
    ),
    ...signing.keys.map(({ kid, alg }): Mark => ({ kind: 'signing-key', name: kid, mark: alg })),
  ]
}

/**
 * Why a process with the marks `present` must not serve the installation that has `recorded` ones, in
 * words for the operator; empty when it may. What is merely new (a further cookie key, the next
 * pepper or sealing key) is a rotation; what is gone or different is somebody else's.
 */
export function findDifferences(
  recorded: readonly Mark[],
  present: readonly Mark[],
): readonly string[] {
  const problems: string[] = []
  const presentOf = (kind: MarkKind) => present.filter((mark) => mark.kind === kind)
  const recordedOf = (kind: MarkKind) => recorded.filter((mark) => mark.kind === kind)

  const [issuer] = recordedOf('issuer')
  const [ownIssuer] = presentOf('issuer')
  if (issuer && ownIssuer && issuer.mark !== ownIssuer.mark && !isOnLoopback(issuer.mark)) {
    problems.push(`CSO_ISSUER: this database belongs to ${issuer.mark}`)
  }
  const [master] = recordedOf('master')
  if (master && !presentOf('master').some(({ mark }) => mark === master.mark)) {
    problems.push('secrets: master is not the one that this database was used with')
  }
  const cookies = new Set(recordedOf('cookie').map(({ mark }) => mark))
  if (cookies.size > 0 && !presentOf('cookie').some(({ mark }) => cookies.has(mark))) {
    problems.push('secrets: no key of cookies is one that this database was used with')
  }
  for (const kind of ['pepper', 'sealing'] as const) {
    const what = kind === 'pepper' ? 'the pepper' : 'the sealing key'
    for (const { name, mark } of recordedOf(kind)) {
      // It is derived from the master, of which has been told.
      if (kind === 'sealing' && name === masterSealingKey) continue
      const own = presentOf(kind).find((each) => each.name === name)
      if (!own) problems.push(`secrets: ${what} ${name} is missing`)
      else if (own.mark !== mark) problems.push(`secrets: ${what} ${name} has another key`)
    }
  }
  return problems
}

/** The ids of recorded keys of this kind that are not among the present ones, or are another key there. */
export function goneKeys(
  kind: 'pepper' | 'sealing',
  recorded: readonly Mark[],
  present: readonly Mark[],
): readonly string[] {
  return recorded
    .filter((mark) => mark.kind === kind)
    .filter(
      ({ name, mark }) =>
        !present.some((own) => own.kind === kind && own.name === name && own.mark === mark),
    )
    .map(({ name }) => name)
}

/** An issuer on loopback is known to no court, and changes with the port in development. */
function isOnLoopback(issuer: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(issuer)
}
