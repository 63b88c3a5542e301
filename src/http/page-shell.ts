import { readdirSync, readFileSync } from 'node:fs'
import { Eta } from 'eta'
import { helpLine } from '../help-line.ts'
import { paths } from '../paths.ts'
import { assetUrl } from './assets.ts'

export type Page = {
  /** The page's own name; the service's name is added behind it. */
  title: string
  /** Trusted HTML: the content of `<main>`, as a template rendered it. */
  body: string
  /** The nonce of this response's Content-Security-Policy; needed by pages with a script. */
  nonce?: string | undefined
  /** Shown in the header, with a sign-out button where `signOutAction` is given. */
  signedInAs?: SignedInAs | undefined
  /** Files of `src/http/static`, for example `session-warning.js`. */
  scripts?: readonly string[] | undefined
  /** The page goes on to this address by itself; see `go-on-page.ts`. */
  goOnTo?: string | undefined
  /** Something that other pages need is away: links to them would lead to the same fault. */
  isAway?: boolean | undefined
  /** `wide` for lists and facts; otherwise one narrow column. */
  width?: 'narrow' | 'wide' | undefined
}

export type SignedInAs = {
  name: string
  username: string
  /** Where the sign-out form posts to, with `csrf` as its hidden field. */
  signOutAction?: string | undefined
  csrf?: string | undefined
}

/** Renders the named template of one folder; every `<%= %>` in it is escaped. */
export type Render = <Model extends object>(name: string, model: Model) => string

const ownTemplates = new URL('./templates/', import.meta.url)

/**
 * Reads and compiles every `.eta` file of these folders, once, and those of this folder with them.
 * Templates include one another as `include('@name', model)` and see their model as `it`, with our paths
 * as `it.paths` and the help line as `it.help`.
 * @throws Error at start for a template that does not compile, for a name that two of them have, and
 * for an unknown name.
 */
export function loadTemplates(...folders: readonly URL[]): Render {
  const eta = new Eta({ autoEscape: true, cache: true })
  const seen = new Set<string>()
  for (const folder of [ownTemplates, ...folders]) {
    for (const file of readdirSync(folder)) {
      if (!file.endsWith('.eta')) continue
      if (seen.has(file)) throw new Error(`there are two templates ${file}`)
      seen.add(file)
      const text = asAscii(readFileSync(new URL(file, folder), 'utf8'))
      eta.loadTemplate(`@${file.slice(0, -4)}`, text)
    }
  }
  return (name, model) => eta.render(`@${name}`, { paths, help: helpLine, ...model })
}

/**
 * The same page with every other character of its own words as a reference: one apostrophe makes the engine
 * hold and encode a whole page in two bytes a character, which takes four times as long.
 */
function asAscii(template: string): string {
  return template.replace(/<%[\s\S]*?%>|[^\0-\x7f]/gu, (part) =>
    part.startsWith('<%') ? part : `&#${part.codePointAt(0)};`,
  )
}

const render = loadTemplates()

/** The whole document around a page: official banner, header, main content, footer with help. */
export function renderShell(page: Page): string {
  return render('shell', { ...page, assetUrl })
}

const ownStylesheet = `<link rel="stylesheet" href="${assetUrl('cso', 'cso.css')}">`

/** Whether this is a page of ours: the shell names our stylesheet, and nobody else does. */
export function isOwnPage(body: unknown): boolean {
  return typeof body === 'string' && body.includes(ownStylesheet)
}

/**
 * The address when it may stand in an `href`, otherwise undefined: escaping alone would let
 * `javascript:` through, and courts' addresses come from data.
 */
export function webAddress(url: string | null | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined
  const { protocol } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? url : undefined
}
