import type { Fields } from '../../http/read-form.ts'
import { ok } from '../../outcome.ts'
import { type Checked, wrong } from '../../problem.ts'

/** Characters without a shape of their own: they turn the direction of a line, or make two texts look alike. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u

export function hasUnseen(text: string): boolean {
  return unseen.test(text)
}

export type TextRule = {
  /** The words for a field that is empty; absent for one that may be. */
  readonly missing?: string
  /** In code points. */
  readonly maximum: number
  /** What the field is called in the middle of a sentence. */
  readonly called: string
}

/**
 * A line of text of a person: blanks at the ends do not count and several are one, in NFC. The form kit
 * has capped its bytes.
 */
export function readText(fields: Fields, name: string, rule: TextRule): Checked<string> {
  const text = (fields[name] ?? '').trim().replace(/\s+/g, ' ').normalize('NFC')
  if (text === '') return rule.missing === undefined ? ok('') : wrong(name, rule.missing)
  if (hasUnseen(text)) {
    return wrong(name, `Type ${rule.called} again by hand: it has characters that cannot be seen`)
  }
  if ([...text].length > rule.maximum) {
    return wrong(name, `Shorten ${rule.called}: it has at most ${rule.maximum} characters here`)
  }
  return ok(text)
}
