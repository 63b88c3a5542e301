import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, wrong } from '../../problem.ts'

/** Digits, and what people write between them; an extension after `x` or `ext.`. */
const pattern = /^\+?[\d\s().-]{7,32}(?:(?:x|ext\.?)\s*\d{1,8})?$/i
/** Of a number with its country: ITU-T E.164. */
const mostDigits = 15

/** The field `phone`, kept as it is written. */
export function readPhone(fields: Fields): Checked<string> {
  const phone = (fields['phone'] ?? '').trim().replace(/\s+/g, ' ')
  if (phone === '') return wrong('phone', 'Enter your telephone number')
  const digits = phone.replace(/(?:x|ext).*$/i, '').replace(/\D/g, '').length
  if (!pattern.test(phone) || digits < 7 || digits > mostDigits) {
    return wrong('phone', 'Check your telephone number: write it like (704) 555-0143')
  }
  return ok(phone)
}
