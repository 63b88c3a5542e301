import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, visit } from 'yaml'
import { type Outcome, ok } from '../outcome.ts'
import { type HasProblems, hasProblems, type Path, type Problem } from '../problem.ts'
import { type DocumentPart, documentParts, wholeDocument } from './document-parts.ts'

/** Both from 1 on. */
export type Place = { readonly line: number; readonly column: number }

export type Document = {
  readonly content: unknown
  /** Where the member stands, or what is nearest around it. */
  placeOf(path: Path): Place
}

type ReadDocument = Outcome<Document, HasProblems<Problem & Place>>

/** Ways of writing YAML that are not taken, in words. */
const notTaken = {
  alias: 'refers to another place (* and &); write the value again',
  merge: 'merges another place (<<); write the members again',
  proto: 'is not known here',
}

/**
 * Reads one YAML document (JSON is YAML, too) with the places of its members. A large one is read part
 * by part: what a reader of YAML builds besides the content is eighty times the text.
 * @param split cuts it (`documentParts`).
 * @returns the content, or every problem that keeps it from being read.
 */
export function readDocument(
  text: string,
  split: (text: string) => readonly DocumentPart[] = documentParts,
): ReadDocument {
  const placeAt = placesIn(text)
  // What is not read as it was cut was no such document: then one reader says what it is.
  return readParts(split(text), placeAt) ?? readParts([wholeDocument(text)], placeAt)!
}

/** @returns undefined where a part holds something else than it was cut for. */
function readParts(
  parts: readonly DocumentPart[],
  placeAt: (offset: number) => Place,
): ReadDocument | undefined {
  const problems: (Problem & Place)[] = []
  const members: Record<string, unknown> = {}
  let whole: { content: unknown } | undefined
  for (const { text, offset, holds } of parts) {
    const read = readPart(text)
    problems.push(
      ...read.problems.map(({ at, ...problem }) => ({ ...problem, ...placeAt(offset + at) })),
    )
    if (read.problems.length > 0) continue
    const { content } = read
    if (holds.kind === 'document') whole = { content }
    else if (holds.kind === 'member') {
      const [[member, value] = [], ...others] = Object.entries(content ?? {})
      if (member !== holds.member || others.length > 0) return undefined
      members[member] = value
    } else {
      if (!Array.isArray(content) || content.length !== holds.count) return undefined
      members[holds.member] ??= []
      const items = members[holds.member] as unknown[]
      for (const item of content) items.push(item)
    }
  }
  if (problems.length > 0) return hasProblems(problems)
  const content = whole ? whole.content : members
  return ok({ content, placeOf: placesOfMembers(parts, placeAt) })
}

type PartProblem = Problem & { readonly at: number }

function readPart(text: string): { problems: PartProblem[]; content: unknown } {
  const document = parseDocument(text, { schema: 'core', prettyErrors: false })
  if (document.errors.some(({ message }) => /stack/i.test(message))) {
    const message = 'is nested far deeper than anything that is known here'
    return { problems: [{ path: [], message, at: 0 }], content: undefined }
  }
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    path: [],
    message:
      error.code === 'DUPLICATE_KEY'
        ? 'a member is given twice'
        : `is neither YAML nor JSON: ${error.message}`,
    at: error.pos[0],
  }))
  const found = (message: string, node: Node) =>
    problems.push({ path: [], message, at: node.range?.[0] ?? 0 })
  visit(document, (key, node) => {
    if (isAlias(node)) found(notTaken.alias, node)
    if (key === 'key' && isScalar(node)) {
      if (node.value === '<<') found(notTaken.merge, node)
      if (node.value === '__proto__') found(`"__proto__" ${notTaken.proto}`, node)
    }
  })
  return {
    problems,
    content: problems.length > 0 ? undefined : document.toJS({ maxAliasCount: 0 }),
  }
}

/** Places are asked for where something is wrong: the part is read once more, and kept for the next. */
function placesOfMembers(
  parts: readonly DocumentPart[],
  placeAt: (offset: number) => Place,
): (path: Path) => Place {
  let last: { part: DocumentPart; root: Node | null } | undefined
  const offsetIn = (part: DocumentPart, path: Path) => {
    if (last?.part !== part) last = { part, root: parseDocument(part.text).contents }
    return part.offset + offsetOf(last.root, path)
  }
  return ([member, index, ...rest]) => {
    const [first] = parts
    let from = 0
    for (const part of parts) {
      const { holds } = part
      const path = [member, index, ...rest].filter((step) => step !== undefined)
      if (holds.kind === 'document') return placeAt(offsetIn(part, path))
      if (holds.member !== member) continue
      if (holds.kind === 'member') return placeAt(offsetIn(part, path))
      if (typeof index !== 'number') return placeAt(holds.memberOffset)
      if (index < from + holds.count) return placeAt(offsetIn(part, [index - from, ...rest]))
      from += holds.count
    }
    return placeAt(first?.offset ?? 0)
  }
}

function placesIn(text: string): (offset: number) => Place {
  let starts: number[] | undefined
  return (offset) => {
    starts ??= lineStarts(text)
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: Math.max(0, offset - (starts[low] ?? 0)) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
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
