import { hasUnseen } from '../../accounts/person/text.ts'
import { requiredText } from '../../http/form-kit.ts'

/** In code points: so many of the longest ones are within what a form's field may have in bytes. */
const most = 250
export const reasonMissing = 'Enter why you do this: whoever looks at the account later reads it'
const tooLong = `Enter ${most} characters at most`
const unseen = 'Type this again by hand: it has characters that cannot be seen'

/** Why support does something, in somebody's own words, which others read later. @param missing what to do. */
export function reasonText(missing: string) {
  return requiredText(missing)
    .refine((text) => !hasUnseen(text), unseen)
    .refine((text) => [...text].length <= most, tooLong)
}
