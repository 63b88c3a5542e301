/** A piece of a document that can be read by itself. */
export type DocumentPart = {
  readonly text: string
  /** Where the text begins in the document; negative by what was put before it. */
  readonly offset: number
  /** What of the document it is: all of it, a member with its value, or items of a member's list. */
  readonly holds:
    | { readonly kind: 'document' }
    | { readonly kind: 'member'; readonly member: string }
    | {
        readonly kind: 'items'
        readonly member: string
        /** Where the member's name stands in the document. */
        readonly memberOffset: number
        readonly count: number
      }
}

/** What a reader of YAML makes of so many people is gone before it is moved among what lasts. */
const itemsPerPart = 20

/**
 * Cuts a document whose members are long lists into pieces of these lists. Only what is plainly laid out
 * is cut: a block of YAML with its members at the margin and one depth of dashes for each list, or JSON.
 * @param limit how many items a part has at most.
 * @returns the parts in their order; the whole document as its one part where it is laid out in another
 *   way, or where it is wrong, so that one reader says what is wrong.
 */
export function documentParts(text: string, limit = itemsPerPart): DocumentPart[] {
  const parts = /^\s*\{/.test(text) ? jsonParts(text, limit) : blockParts(text, limit)
  return parts ?? [wholeDocument(text)]
}

export function wholeDocument(text: string): DocumentPart {
  return { text, offset: 0, holds: { kind: 'document' } }
}

const memberLine = /^([A-Za-z_]\w*):(?=[ \t\r]|$)/
const emptyLine = /^[ \t\r]*(#|$)/

type Line = { readonly start: number; readonly text: string }

function* linesOf(text: string): Generator<Line> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start)
    yield { start, text: text.slice(start, end < 0 ? text.length : end) }
    if (end < 0) return
    start = end + 1
  }
}

/** What stands under one member at the margin, with the places where its items begin. */
type Section = { start: number; member: string; isList: boolean; dash: number; items: number[] }

function blockParts(text: string, limit: number): DocumentPart[] | undefined {
  const sections: Section[] = []
  let isBegun = false
  for (const line of linesOf(text)) {
    if (emptyLine.test(line.text)) continue
    const isMarker = !isBegun && /^---[ \t\r]*$/.test(line.text)
    isBegun = true
    if (isMarker) continue
    const member = memberLine.exec(line.text)
    const section = sections.at(-1)
    if (member?.[1] !== undefined) {
      const isList = emptyLine.test(line.text.slice(member[0].length))
      sections.push({ start: line.start, member: member[1], isList, dash: -1, items: [] })
    } else if (!section || !takesLine(section, line)) return undefined
  }
  if (sections.length === 0 || !areTakenNames(sections.map(({ member }) => member)))
    return undefined
  return sections.flatMap((section, index) =>
    sectionParts(text, section, sections[index + 1]?.start ?? text.length, limit),
  )
}

function areTakenNames(members: readonly string[]): boolean {
  return new Set(members).size === members.length && !members.includes('__proto__')
}

/** Whether the line can stand there; what is at the margin and no dash of a list can not. */
function takesLine(section: Section, { start, text }: Line): boolean {
  const depth = text.search(/[^ ]/)
  const isDash = /^ *-(?=[ \t\r]|$)/.test(text)
  if (section.isList && section.dash < 0 && isDash) section.dash = depth
  if (depth === section.dash && isDash) section.items.push(start)
  else if (depth <= section.dash || section.dash < 0) section.isList = false
  return depth > 0 || (isDash && section.isList)
}

function sectionParts(
  text: string,
  { start, member, isList, items }: Section,
  end: number,
  limit: number,
): DocumentPart[] {
  const [first] = items
  if (!isList || first === undefined) {
    return [{ text: text.slice(start, end), offset: start, holds: { kind: 'member', member } }]
  }
  return pieces(items, end, limit).map(({ from, to, count }) => ({
    text: text.slice(from, to),
    offset: from,
    holds: { kind: 'items', member, memberOffset: start, count },
  }))
}

function pieces(items: readonly number[], end: number, limit: number) {
  return Array.from({ length: Math.ceil(items.length / limit) }, (_, index) => ({
    from: items[index * limit] ?? end,
    to: items[(index + 1) * limit] ?? end,
    count: Math.min(limit, items.length - index * limit),
  }))
}

/** Texts, brackets, and numbers with `true`, `false` and `null`; all else is YAML of another kind. */
const jsonToken = /"(?:[^"\\\n]|\\.)*"|[[\]{}:,]|[\w.+-]+/y
const blank = /[ \t\r\n]*/y

/** Walks over the tokens; what is inside a list's items is looked at for brackets only. */
function jsonParts(text: string, limit: number): DocumentPart[] | undefined {
  let at = 0
  const next = (): { token: string; start: number } | undefined => {
    blank.lastIndex = at
    blank.test(text)
    jsonToken.lastIndex = blank.lastIndex
    const token = jsonToken.exec(text)?.[0]
    if (token === undefined) return undefined
    at = jsonToken.lastIndex
    return { token, start: at - token.length }
  }

  const parts: DocumentPart[] = []
  const members: string[] = []
  if (next()?.token !== '{') return undefined
  for (;;) {
    const name = next()
    if (!name || !/^"[A-Za-z_]\w*"$/.test(name.token)) return undefined
    if (next()?.token !== ':' || next()?.token !== '[') return undefined
    const starts: number[] = []
    let depth = 1
    let end = 0
    for (let isFirst = true; depth > 0; ) {
      const found = next()
      if (!found) return undefined
      const { token, start } = found
      if (token === '[' || token === '{') depth += 1
      if (token === ']' || token === '}') depth -= 1
      if (depth === 0 && token !== ']') return undefined
      if (isFirst && depth > 0) starts.push(start)
      isFirst = depth === 1 && token === ','
      end = start
    }
    const member = name.token.slice(1, -1)
    members.push(member)
    if (starts.length === 0) {
      const own = `{${text.slice(name.start, end + 1)}}`
      parts.push({ text: own, offset: name.start - 1, holds: { kind: 'member', member } })
    }
    for (const { from, to, count } of pieces(starts, end, limit)) {
      const items = `[${text.slice(from, to).replace(/,\s*$/, '')}]`
      const holds = { kind: 'items', member, memberOffset: name.start, count } as const
      parts.push({ text: items, offset: from - 1, holds })
    }
    const after = next()?.token
    if (after === '}') break
    if (after !== ',') return undefined
  }
  const isAtItsEnd = /^\s*$/.test(text.slice(at))
  return isAtItsEnd && areTakenNames(members) ? parts : undefined
}
