/**
 * Where source text goes past an open transaction: the work of an `inTransaction` that names the
 * database, or a function that takes a transaction and a database both. In words, one per place.
 */
export function findOuterDatabase(source: string): string[] {
  const code = withoutTexts(source)
  const works = [...code.matchAll(/\binTransaction(?:<[^(]*>)?\(/g)].flatMap(
    ({ index, 0: call }) => {
      const [database = '', work = ''] = splitArguments(balanced(code, index + call.length - 1))
      const isNamed = /^\w+$/.test(work) && new RegExp(`\\b${work} = `).exec(code)
      const body = isNamed ? valueAt(code, isNamed.index + isNamed[0].length) : work
      const pattern = new RegExp(
        `\\bdb\\b|\\binTransaction\\(|(?<![\\w.])${escaped(database)}(?!\\w)`,
      )
      const used = pattern.exec(body)?.[0]
      return used ? [`inTransaction(${database}, …) uses ${used} in its work`] : []
    },
  )
  const signatures = [...code.matchAll(/\(\s*(?:\w+: \w+,\s*)*tx: Transaction\b/g)]
    .map(({ index }) => balanced(code, index))
    .filter((parameters) => /\bDatabase\b|\bQueryable\b/.test(parameters))
    .map((parameters) => `takes a transaction and the database: (${parameters.trim()})`)
  return [...works, ...signatures]
}

/** Comments and the inside of texts say nothing of what is used; what stands in `${…}` does. */
function withoutTexts(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\]|\\.)*`/g, (text) => `\`${(text.match(/\$\{[^}]*\}/g) ?? []).join('')}\``)
}

/** What stands between the bracket at `from` and its counterpart. */
function balanced(code: string, from: number): string {
  let depth = 0
  for (let at = from; at < code.length; at += 1) {
    if ('([{'.includes(code[at]!)) depth += 1
    if (')]}'.includes(code[at]!)) depth -= 1
    if (depth === 0) return code.slice(from + 1, at)
  }
  return code.slice(from + 1)
}

function splitArguments(list: string): string[] {
  const parts = ['']
  let depth = 0
  for (const [at, letter] of [...list].entries()) {
    if ('([{'.includes(letter)) depth += 1
    if (')]}'.includes(letter)) depth -= 1
    const isArrow = letter === '>' && list[at - 1] === '='
    if (letter === ',' && depth === 0 && !isArrow) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts.map((part) => part.trim())
}

/** The function that begins there: its parameters and its body. */
function valueAt(code: string, from: number): string {
  const arrow = code.indexOf('=>', from)
  const open = code.slice(arrow + 2).search(/\S/) + arrow + 2
  return code[open] === '{' ? balanced(code, open) : code.slice(arrow, code.indexOf('\n', open))
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
