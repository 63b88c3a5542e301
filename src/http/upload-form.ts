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
  /** The path of the page that it stands on. */
  readonly page: string
  readonly maximumBytes: number
}

/** What came of it: the file with the fields in front of it, or what is to be said at the field. */
export type PostedFile = Outcome<
  { readonly fields: Fields; readonly file: UploadedFile },
  { readonly reason: 'no-file' | 'too-large' | 'busy' | 'other-sign-in'; readonly fields: Fields }
>

/** So many files are kept at once by one process, and of one sign-in: what they need of memory is bounded. */
const mostAtOnce = { all: 6, ofOne: 2 } as const
/** Whose files are just coming, by what their tokens are bound to. */
const coming: string[] = []

/**
 * Takes a form with a file. Whose form it is is known by the token, which stands in front of the file: of
 * a form that is not ours no byte of the file is kept.
 * @returns undefined when the form is not taken and the page that says so is rendered.
 */
export async function takeUpload(
  ctx: Context,
  form: UploadForm,
  guard: { readonly key: KeyObject; readonly issuer: string; readonly visit: string },
): Promise<PostedFile | undefined> {
  const isOurs = (fields: Fields) =>
    isOwnForm(ctx, { ...guard, form: form.name, token: fields['csrf'] })
  const { visit } = guard
  const place = { isTaken: false, isFull: false }
  const mayKeep = (fields: Fields) => {
    if (!isOurs(fields)) return false
    const ofOne = coming.filter((one) => one === visit).length
    place.isTaken = coming.length < mostAtOnce.all && ofOne < mostAtOnce.ofOne
    place.isFull = !place.isTaken
    if (place.isTaken) coming.push(visit)
    return place.isTaken
  }
  try {
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
    return refused(place.isFull ? 'busy' : 'other-sign-in', { fields })
  } finally {
    if (place.isTaken) coming.splice(coming.indexOf(visit), 1)
  }
}

function refuse(
  ctx: Context,
  status: number,
  reason: Parameters<typeof formRefusalPage>[2],
): undefined {
  return respond(ctx, status, formRefusalPage(ctx, status, reason))
}
