import type { Fields } from '../../http/read-form.ts'
import { type Checked, together, wrong } from '../../problem.ts'
import { readText, type TextRule } from './text.ts'

export type PersonName = { readonly givenName: string; readonly familyName: string }

const maximum = 64

/** A name stands in messages to other people, and mail programs make a link of whatever looks like one. */
const webAddress = /[:/@\\]|www\.|\.(?:biz|co|com|edu|gov|info|io|net|org|us)\b/iu

function readPartOf(fields: Fields, field: keyof PersonName, rule: TextRule): Checked<string> {
  const text = readText(fields, field, rule)
  if (!text.ok) return text
  if (!/\p{L}/u.test(text.value)) return wrong(field, `Check ${rule.called}: it has no letter`)
  if (webAddress.test(text.value)) {
    return wrong(field, `Check ${rule.called}: a web or e-mail address is no part of it`)
  }
  return text
}

/** The fields `givenName` and `familyName`. */
export function readName(fields: Fields): Checked<PersonName> {
  return together({
    givenName: readPartOf(fields, 'givenName', {
      missing: 'Enter your first name',
      called: 'your first name',
      maximum,
    }),
    familyName: readPartOf(fields, 'familyName', {
      missing: 'Enter your last name',
      called: 'your last name',
      maximum,
    }),
  })
}
