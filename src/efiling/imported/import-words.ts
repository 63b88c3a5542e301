import { counted, inDigits } from '../../count-in-words.ts'
import { unreachable } from '../../errors.ts'
import type { ImportRefusal, ImportReport } from './import-accounts.ts'

/** What a file changed, or would, in sentences. */
export function importSentences(report: ImportReport, did: 'would' | 'did'): readonly string[] {
  const { rows, added, changed, same, taken, encoding, leavesPasswords } = report
  const of = (count: number, what: string) => (count > 0 ? [`${inDigits(count)} ${what}`] : [])
  const parts = [
    ...of(added, 'new'),
    ...of(changed, 'changed'),
    ...of(same, 'as they are'),
    ...of(taken, 'left alone, which somebody has by now'),
  ]
  const isNothing = added + changed === 0
  return [
    `The file has ${counted(rows, 'account')}, in ${encoding}.`,
    ...(isNothing
      ? [`It ${did === 'did' ? 'changes' : 'would change'} nothing: ${parts.join(', ')}.`]
      : [`${did === 'did' ? 'Imported' : 'It would import'}: ${parts.join(', ')}.`]),
    ...(leavesPasswords
      ? ['Its password hashes are left out: linking by the old password has closed at this court.']
      : []),
  ]
}

/** Why nothing was imported, and what to do; the wrong lines stand beside it. */
export function importRefusalText(refusal: ImportRefusal): string {
  switch (refusal.reason) {
    case 'wrong-lines': {
      const count = refusal.lines.length
      if (refusal.isCut) {
        const last = refusal.lines.at(-1)?.line
        return `${inDigits(count)} things are wrong in the file up to line ${last}, and perhaps more: nothing was read behind it. Mend all of them and send the file again.`
      }
      return `${inDigits(count)} thing${count === 1 ? ' is' : 's are'} wrong in the file. Mend ${count === 1 ? 'it' : 'all of them'} and send the file again.`
    }
    case 'unknown-court':
      return 'There is no such court.'
    case 'under-way':
      return 'Another file of this court is being imported just now. Try again when it is done.'
    default:
      return unreachable(refusal)
  }
}
