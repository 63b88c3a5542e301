import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Middleware } from 'koa'
import send from 'koa-send'
import { assetPath, isAssetPath } from '../paths.ts'

/** Where a shelf of files comes from, and the name under which its present version is served. */
type Shelf = { readonly root: string; readonly version: string; readonly files: RegExp }

const uswdsStylesheet = 'css/uswds.min.css'
const uswdsRoot = new URL('..', import.meta.resolve(`@uswds/uswds/${uswdsStylesheet}`))
const ownRoot = new URL('./static/', import.meta.url)

// No dots in folder names and no percent signs anywhere: neither `..` nor an encoded form of it can
// be written, so the path needs no further check.
const shelves = {
  uswds: {
    root: fileURLToPath(uswdsRoot),
    version: packageVersion(),
    files:
      /^(?:css\/uswds\.min\.css|fonts\/(?:[\w-]+\/)*[\w-]+\.woff2|img\/(?:[\w-]+\/)*[\w-]+\.(?:svg|png|gif|jpg|webp|ico))$/,
  },
  cso: {
    root: fileURLToPath(ownRoot),
    version: contentVersion(),
    files: /^[\w-]+\.(?:css|js|svg)$/,
  },
} as const satisfies Record<string, Shelf>

const assetOnShelf = /^\/[^/]+\/(uswds|cso)(?:-([\w.]+))?\/([\w./-]+)$/
const day = 86_400
const year = 365 * day

// 527 kB of text on the page everybody waits for: compressed once, at start, to an eighth of that.
const compressedStylesheet = gzipSync(readFileSync(new URL(uswdsStylesheet, uswdsRoot)), {
  level: 9,
})

/** The address of a file as pages name it: it carries the version, so browsers may keep it. */
export function assetUrl(shelf: keyof typeof shelves, file: string): string {
  return assetPath(shelf, shelves[shelf].version, file)
}

/**
 * Serves the design system's stylesheet, fonts and images from its installed package, and our own
 * files beside this one. `/assets/uswds-3.14.0/…` (the present version) is immutable, any other
 * spelling (`/assets/uswds/…`, an older version) is kept for a day. Whatever is not such a file
 * goes on to the next middleware.
 */
export function assets(): Middleware {
  return async (ctx, next) => {
    if (!isAssetPath(ctx.path)) return next()
    const [, name, version, file] = assetOnShelf.exec(ctx.path) ?? []
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    if (!isRead || (name !== 'uswds' && name !== 'cso') || !file) return next()

    const shelf = shelves[name]
    if (!shelf.files.test(file)) return next()

    const cacheControl =
      version === shelf.version ? `public, max-age=${year}, immutable` : `public, max-age=${day}`

    if (name === 'uswds' && file === uswdsStylesheet) {
      ctx.vary('Accept-Encoding')
      if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
        ctx.set('Cache-Control', cacheControl)
        ctx.set('Content-Encoding', 'gzip')
        ctx.type = 'css'
        ctx.body = compressedStylesheet
        return
      }
    }

    const before = ctx.response.get('Cache-Control')
    try {
      ctx.set('Cache-Control', cacheControl)
      await send(ctx, file, { root: shelf.root, brotli: false, gzip: false })
    } catch (error) {
      if (!isMissing(error)) throw error
      ctx.remove('Cache-Control')
      if (before) ctx.set('Cache-Control', before)
      return next()
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', uswdsRoot), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

function contentVersion(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(ownRoot).sort()) hash.update(readFileSync(new URL(name, ownRoot)))
  return hash.digest('hex').slice(0, 12)
}
