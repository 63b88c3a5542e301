import { type MatchExtended, ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english } from '@zxcvbn-ts/language-en'

/** A password, and what somebody would try first who knows whose it is. */
export type GuessTask = {
  readonly password: string
  readonly words: readonly string[]
  /** Whether it takes more than that many does not matter. */
  readonly enoughLog10: number
}

/** What most of a password consists of. */
export type GuessPattern = 'own-words' | 'common-words' | 'sequence' | 'repeats' | 'other'

export type Guessability = {
  /** The decimal logarithm of how many guesses it takes. */
  readonly guessesLog10: number
  readonly pattern: GuessPattern
}

/**
 * What is looked at in one piece: the time grows with the square of the length and faster. A longer password
 * is as hard to guess as the hardest of its pieces.
 */
const longestPiece = 32

const estimator = new ZxcvbnFactory({
  graphs: adjacencyGraphs,
  dictionary: { ...common, ...english },
  maxLength: longestPiece,
  // How many readings of digits and signs as letters are tried: a hundred took ten times as long, and no
  // password of the tests was found by the ninety-five others.
  l33tMaxSubstitutions: 5,
})

/**
 * The body of a thread that does nothing else (`guessability.ts` starts it): it may block. It goes no
 * further where the first piece is hard enough already.
 */
export function countGuesses({ password, words, enoughLog10 }: GuessTask): Guessability {
  let hardest: Guessability = { guessesLog10: 0, pattern: 'other' }
  for (const piece of piecesOf(password)) {
    const found = easiest([lookAt(piece, words, 0), ...withoutSeparators(piece, words)])
    if (found.guessesLog10 > hardest.guessesLog10) hardest = found
    if (hardest.guessesLog10 >= enoughLog10) break
  }
  return hardest
}

/** Evenly, so that the last one ends where the password does. */
function piecesOf(password: string): string[] {
  if (password.length <= longestPiece) return [password]
  const amount = Math.ceil(password.length / longestPiece)
  const step = (password.length - longestPiece) / (amount - 1)
  return Array.from({ length: amount }, (_, index) => {
    const from = Math.round(index * step)
    return password.slice(from, from + longestPiece)
  })
}

/**
 * The estimator takes a blank or a full stop between two words for something hard to guess. So it is asked
 * about the letters and digits alone, too; one or two different signs between them are guessed soon, more
 * of them are taken for chance.
 */
function withoutSeparators(piece: string, words: readonly string[]): Guessability[] {
  const signs = piece.match(/[^\p{L}\p{N}\p{M}]/gu) ?? []
  const rest = piece.replace(/[^\p{L}\p{N}\p{M}]/gu, '')
  if (signs.length === 0 || rest === '') return []
  const different = new Set(signs).size
  return [lookAt(rest, words, different <= 2 ? different : signs.length)]
}

function lookAt(text: string, words: readonly string[], moreLog10: number): Guessability {
  const { guessesLog10, sequence } = estimator.check(text, [...words])
  return { guessesLog10: guessesLog10 + moreLog10, pattern: patternOf(sequence) }
}

function easiest(found: readonly Guessability[]): Guessability {
  return found.reduce((one, other) => (other.guessesLog10 < one.guessesLog10 ? other : one))
}

function patternOf(sequence: readonly MatchExtended[]): GuessPattern {
  const lengths = new Map<GuessPattern, number>()
  for (const match of sequence) {
    const pattern = kindOf(match)
    lengths.set(pattern, (lengths.get(pattern) ?? 0) + match.token.length)
  }
  const [longest] = [...lengths].toSorted(([, one], [, other]) => other - one)
  return longest?.[0] ?? 'other'
}

function kindOf(match: MatchExtended): GuessPattern {
  switch (match.pattern) {
    case 'userInputSequence':
      return 'own-words'
    case 'dictionary':
      return 'dictionaryName' in match && match.dictionaryName === 'userInputs'
        ? 'own-words'
        : 'common-words'
    case 'repeat':
      return 'repeats'
    case 'wordSequence':
    case 'sequence':
    case 'spatial':
      return 'sequence'
    default:
      return 'other'
  }
}
