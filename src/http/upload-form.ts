import type { KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import { type Outcome, ok, refused } from '../outcome.ts'
import { isForeign, isOwnForm } from './csrf.ts'
import { formRefusalPage } from './fault-page.ts'
import { respond } from './form-kit.ts'
import type { Fields } from './read-form.ts'
import { readUpload, type UploadedFile } from './read-upload.ts'

/** A form with one file in the field `file`, behind the hidden token and whatever says what it is. */
export type UploadForm = {
  readonly name: string
  /** What is sent; a file of one kind takes no place of another. */
  readonly kind: keyof typeof mostAtOnce
  /** The path of the page that it stands on. */
  readonly page: string
  readonly maximumBytes: number
}

type Guard = { readonly key: KeyObject; readonly issuer: string; readonly visit: string }

/** What came of it: the file with the fields in front of it, or what is to be said at the field. */
export type PostedFile = Outcome<
  { readonly fields: Fields; readonly file: UploadedFile },
  { readonly reason: 'no-file' | 'too-large' | 'busy' | 'other-sign-in'; readonly fields: Fields }
>

/**
 * So many files are kept at once by one process, and of one sign-in: what they need of memory is bounded. A file of
 * accounts is worked on for minutes.
 */
const mostAtOnce = {
  document: { all: 6, ofOne: 2 },
  accounts: { all: 2, ofOne: 1 },
} as const
/** Whose files are here until they are done with, by what their tokens are bound to. */
const here: { readonly kind: UploadForm['kind']; readonly visit: string }[] = []

/**
 * Takes a form with a file. Whose form it is is known by the token, which stands in front of the file: of
 * a form that is not ours no byte of the file is kept. It holds its place until `take` is done with it. When the
 * form is not taken, the page that says so is rendered.
 */
export async function takeUpload(
  ctx: Context,
  form: UploadForm,
  guard: Guard,
  take: (posted: PostedFile) => unknown,
): Promise<void> {
  const { visit } = guard
  const { kind } = form
  const most = mostAtOnce[kind]
  const place = { kind, visit }
  const takePlace = () => {
    const others = here.filter((one) => one.kind === kind)
    const ofOne = others.filter((one) => one.visit === visit).length
    if (others.length >= most.all || ofOne >= most.ofOne) return false
    here.push(place)
    return true
  }
  try {
    const posted = await readPosted(ctx, form, guard, takePlace)
    if (posted) await take(posted)
  } finally {
    const index = here.indexOf(place)
    if (index >= 0) here.splice(index, 1)
  }
}

async function readPosted(
  ctx: Context,
  form: UploadForm,
  guard: Guard,
  takePlace: () => boolean,
): Promise<PostedFile | undefined> {
  const isOurs = (fields: Fields) =>
    isOwnForm(ctx, { ...guard, form: form.name, token: fields['csrf'] })
  let isFull = false
  const mayKeep = (fields: Fields) => {
    if (!isOurs(fields)) return false
    isFull = !takePlace()
    return !isFull
  }
  const read = await readUpload(ctx, { maximumBytes: form.maximumBytes, mayKeep })
  if (isForeign(ctx, guard.issuer)) return refuse(ctx, 403, 'foreign-form')
  if (read.ok) {
    const { fields, file } = read.value
    if (!isOurs(fields)) return refused('other-sign-in', { fields })
    return file ? ok({ fields, file }) : refused('no-file', { fields })
  }
  const { fields } = read
  if (read.reason === 'file-too-large') {
    // Where it said so at once, nothing in front of the file was read.
    const isKnown = Object.keys(fields).length === 0 || isOurs(fields)
    return refused(isKnown ? 'too-large' : 'other-sign-in', { fields })
  }
  if (read.reason !== 'not-kept') return refuse(ctx, 400, read.reason)
  return refused(isFull ? 'busy' : 'other-sign-in', { fields })
}

function refuse(
  ctx: Context,
  status: number,
  reason: Parameters<typeof formRefusalPage>[2],
): undefined {
  return respond(ctx, status, formRefusalPage(ctx, status, reason))
}
