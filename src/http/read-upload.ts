import { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import type { Context } from 'koa'
import { type Outcome, ok, refused } from '../outcome.ts'
import { type Fields, type FormProblem, hasControlCharacter } from './read-form.ts'

/** What is sent beside the file: some fields, and what separates them. */
const roomBesideFile = 16 * 1024
const maximumFields = 8
const maximumFieldBytes = 1024
/** A file that is too large is read to its end and forgotten up to here: a browser shows no answer before. */
const mostDiscarded = 64 * 1024 * 1024

/** A file as a browser sent it. */
export type UploadedFile = { readonly name: string; readonly bytes: Buffer }

export type Upload = {
  readonly fields: Fields
  /** Undefined where none was chosen. */
  readonly file: UploadedFile | undefined
}

/** What was read, or why not, with the fields that stood in front of what was wrong. */
export type ReadUpload = Outcome<
  Upload,
  { readonly reason: UploadProblem; readonly fields: Fields }
>

/** Why a form with a file cannot be read. */
export type UploadProblem =
  | FormProblem
  /** The file has more bytes than are taken. */
  | 'file-too-large'
  /** What stands before the file does not let it be kept. */
  | 'not-kept'

/**
 * Reads a form with one file, `file`, as it comes: caps come before parsing, and of the file no byte is
 * kept before `mayKeep` has seen the fields in front of it. A path in the name of the file stays in it.
 */
export async function readUpload(
  ctx: Context,
  options: { readonly maximumBytes: number; mayKeep(fields: Fields): boolean },
): Promise<ReadUpload> {
  const type = ctx.get('Content-Type')
  if (!ctx.is('multipart/form-data') || !['', 'identity'].includes(ctx.get('Content-Encoding'))) {
    return refused('not-a-form', { fields: {} })
  }
  if (ctx.request.length > mostDiscarded) {
    ctx.set('Connection', 'close')
    return refused('file-too-large', { fields: {} })
  }
  const body = cappedBody(ctx, options.maximumBytes + roomBesideFile)
  const read = await parse(body.stream, type, options)
  // What is left is nobody's, and the answer is for whoever has sent all of it.
  body.stream.resume()
  await body.end
  if (body.wasCut()) ctx.throw(400, 'the body ended early', { expose: true })
  if (!body.isOver()) return read
  return refused('file-too-large', { fields: read.ok ? read.value.fields : read.fields })
}

/** The body up to `limit`; what is beyond is read and forgotten. */
function cappedBody({ req }: Context, limit: number) {
  let total = 0
  let wasCut = false
  const stream = Readable.from(
    (async function* () {
      try {
        for await (const chunk of req as AsyncIterable<Buffer>) {
          total += chunk.length
          if (total > mostDiscarded) return
          if (total <= limit) yield chunk
        }
      } catch {
        // Its sender is gone, or was too slow.
        wasCut = true
      }
    })(),
    { objectMode: false },
  )
  const end = new Promise<void>((resolve) => {
    stream.once('end', resolve)
    stream.once('close', resolve)
  })
  return { stream, end, isOver: () => total > limit, wasCut: () => wasCut || !req.complete }
}

function parse(
  body: Readable,
  type: string,
  { maximumBytes, mayKeep }: { readonly maximumBytes: number; mayKeep(fields: Fields): boolean },
): Promise<ReadUpload> {
  return new Promise((resolve) => {
    const fields: Record<string, string> = Object.create(null)
    let problem: UploadProblem | undefined
    let file: { readonly name: string; readonly chunks: Buffer[] } | undefined
    const found = (what: UploadProblem) => {
      problem ??= what
    }
    const parser = tryOpen(type, maximumBytes)
    if (!parser) return resolve(refused('not-a-form', { fields }))
    parser.on('field', (name, value, _nameTruncated, isTruncated) => {
      if (name in fields) found('field-twice')
      if (isTruncated) found('field-too-long')
      if (hasControlCharacter(value)) found('control-character')
      fields[name] = value
    })
    parser.on('file', (field, stream, name) => {
      const isKept = field === 'file' && mayKeep(fields)
      if (!isKept) found('not-kept')
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        if (isKept && problem === undefined) chunks.push(chunk)
      })
      stream.once('limit', () => {
        chunks.length = 0
        found('file-too-large')
      })
      // The parser tells it as well.
      stream.on('error', () => found('not-a-form'))
      // What a browser sends where no file was chosen has neither a name nor a byte.
      stream.once('end', () => {
        if (name || chunks.length > 0) file = { name: name ?? '', chunks }
      })
    })
    for (const over of ['partsLimit', 'fieldsLimit', 'filesLimit']) {
      parser.on(over, () => found('too-large'))
    }
    parser.once('finish', () => {
      if (problem !== undefined) return resolve(refused(problem, { fields }))
      resolve(ok({ fields, file: file && { name: file.name, bytes: Buffer.concat(file.chunks) } }))
    })
    parser.on('error', () => {
      body.unpipe(parser)
      resolve(refused(problem ?? 'not-a-form', { fields }))
    })
    body.pipe(parser)
  })
}

/** @returns undefined for what names no boundary. */
function tryOpen(type: string, maximumBytes: number) {
  const limits = {
    fields: maximumFields,
    fieldSize: maximumFieldBytes,
    files: 1,
    fileSize: maximumBytes,
    headerPairs: 16,
    headerSize: 4 * 1024,
  }
  try {
    return new Busboy({ headers: { 'content-type': type }, preservePath: true, limits })
  } catch {
    return undefined
  }
}
