import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { type Outcome, ok } from '../outcome.ts'
import { type HasProblems, hasProblems, type Path, type Problem } from '../problem.ts'

/** Both from 1 on. */
export type Place = { readonly line: number; readonly column: number }

export type Document = {
  readonly content: unknown
  /** Where the member stands, or what is nearest around it. */
  placeOf(path: Path): Place
}

/** Ways of writing YAML that are not taken, in words. */
const notTaken = {
  alias: 'refers to another place (* and &); write the value again',
  merge: 'merges another place (<<); write the members again',
  proto: 'is not known here',
}

/**
 * Reads one YAML document (JSON is YAML, too) with the places of its members.
 * @returns the content, or every problem that keeps it from being read.
 */
export function readDocument(text: string): Outcome<Document, HasProblems<Problem & Place>> {
  const lines = new LineCounter()
  const document = parseDocument(text, { schema: 'core', lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number | undefined): Place => {
    const { line, col } = lines.linePos(offset ?? 0)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }

  const problems = [...document.errors, ...document.warnings].map((error) => ({
    path: [],
    message:
      error.code === 'DUPLICATE_KEY'
        ? 'a member is given twice'
        : `is neither YAML nor JSON: ${error.message}`,
    ...placeAt(error.pos[0]),
  }))
  visit(document, (key, node) => {
    if (isAlias(node)) problems.push(problemAt(notTaken.alias, node))
    if (key === 'key' && isScalar(node)) {
      if (node.value === '<<') problems.push(problemAt(notTaken.merge, node))
      if (node.value === '__proto__')
        problems.push(problemAt(`"__proto__" ${notTaken.proto}`, node))
    }
  })
  function problemAt(message: string, node: Node) {
    return { path: [], message, ...placeAt(node.range?.[0]) }
  }
  if (problems.length > 0) return hasProblems(problems)
  return ok({
    content: document.toJS({ maxAliasCount: 0 }),
    placeOf: (path: Path) => placeAt(offsetOf(document.contents, path)),
  })
}

function offsetOf(root: Node | null, path: Path): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (!pair) break
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined
      if (!item) break
      offset = item.range?.[0] ?? offset
      node = item
    } else break
  }
  return offset
}
