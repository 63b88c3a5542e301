const importsOf = /^(?:import|export)\b([^'"]*?)\bfrom '([^']+)'/gms

/** What goes around the type checker altogether. */
const blind = /\bas unknown as\b|\bas never\b|\bas any\b|@ts-(?:expect-error|ignore|nocheck)\b/g

/** Types of ours for what the engine hands back. */
const handedBack = [
  'AccountWithFacts',
  'EndResult',
  'EngineClient',
  'KoaContextWithOIDC',
  'SignedIn',
]

/**
 * The casts toward the engine in a file that is not the one for them: those to a type of the engine's or
 * to what it hands back, and, where the engine is at hand, those that go around the type checker.
 * @param path relative to `src/`.
 */
export function findEngineCasts(path: string, text: string): string[] {
  const imports = [...text.matchAll(importsOf)]
  const engines = imports
    .filter(([, , from]) => from === 'oidc-provider')
    .flatMap(([, clause = '']) => clause.match(/\w+/g) ?? [])
  const isEngineAtHand = engines.length > 0 || path.startsWith('oidc/') || path === 'app.ts'
  const body = text.replace(importsOf, '').replaceAll(/\bas const\b/g, '')
  const names = [...new Set([...engines, ...handedBack])]
  const toEngine = new RegExp(`\\bas (?:Partial<|readonly )?(?:${names.join('|')})\\b`, 'g')
  return [...(isEngineAtHand ? (body.match(blind) ?? []) : []), ...(body.match(toEngine) ?? [])]
}
