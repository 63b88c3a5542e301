import { type Outcome, ok, refused } from '../outcome.ts'
import type { Guessability, GuessPattern } from './guess-thread.ts'
import type { GuessCounter } from './guessability.ts'
import { maximumPasswordBytes } from './password.ts'

/** What a new password has to be. */
export type PasswordProfile = {
  /** In code points of the normal form, so that a letter with its accent is one. */
  readonly minimumLength: number
  readonly maximumLength: number
  /** The decimal logarithm of the guesses that it has to withstand. */
  readonly minimumGuessesLog10: number
}

/**
 * No composition and no expiry: both make people choose worse passwords. Source: NIST SP 800-63B-4
 * section 3.1.1.2 (length, no composition, no expiry, a blocklist with words of the context).
 *
 * Thirty million million guesses: a hash takes ten milliseconds of a core, so that whoever has the database
 * *and* the pepper works ten thousand years of a core at one such password; without the pepper nobody can
 * begin, and at the sign-in page a hundred wrong ones end it. Four words by chance and fifteen characters
 * of a password manager are above it, every pattern of `test/accounts/password-policy.test.ts` below.
 */
export const nist: PasswordProfile = {
  minimumLength: 15,
  maximumLength: 128,
  minimumGuessesLog10: 13.5,
}

/** Why a new password is not taken. */
export type PasswordProblem =
  | 'too-short'
  | 'too-long'
  | 'of-own-words'
  | 'of-common-words'
  | 'of-a-sequence'
  | 'of-repeats'
  | 'too-guessable'
  /** Somebody else knows it. */
  | 'of-before'
  /** Another one is due. */
  | 'present'

/** What the person is told: what to do. One place for every page on which a password is chosen. */
export const passwordProblemWords: Readonly<Record<PasswordProblem, string>> = {
  'too-short': `Choose a longer password: at least ${nist.minimumLength} characters. Four or five words that have nothing to do with one another are easy to remember.`,
  'too-long': `Choose a shorter password: at most ${nist.maximumLength} characters.`,
  'of-own-words':
    'Choose a password without your name, your username, your e-mail address and words of the courts: they are guessed first. Four or five words that have nothing to do with one another are better.',
  'of-common-words':
    'Choose a password that is harder to guess: these words are among those that are tried first. Add words that have nothing to do with them.',
  'of-a-sequence':
    'Choose a password without rows of the keyboard, the alphabet or numbers: they are guessed first. Four or five words that have nothing to do with one another are better.',
  'of-repeats':
    'Choose a password that does not repeat itself: what is repeated is as easy to guess as said once. Four or five words that have nothing to do with one another are better.',
  'too-guessable':
    'Choose a password that is harder to guess. Four or five words that have nothing to do with one another are good, or let your password manager make one.',
  'of-before':
    'Choose another password than the one before: whoever was in your account may know it.',
  present: 'Choose a password that is not your present one: your account needs a new one.',
}

/** The hint beside a field for a new password, and what password managers read of it. */
export const passwordHint = `${nist.minimumLength} to ${nist.maximumLength} characters. Spaces are allowed. Four or five words that have nothing to do with one another are good.`
export const passwordRules = `minlength: ${nist.minimumLength}; maxlength: ${nist.maximumLength};`

const patternProblems: Readonly<Record<GuessPattern, PasswordProblem>> = {
  'own-words': 'of-own-words',
  'common-words': 'of-common-words',
  sequence: 'of-a-sequence',
  repeats: 'of-repeats',
  other: 'too-guessable',
}

/** What passwords at a court are made of; rare elsewhere, so that no dictionary has them first. */
const courtWords = [
  'pacer',
  'cmecf',
  'ecf',
  'uscourts',
  'nextgen',
  'central',
  'signon',
  'court',
  'courts',
  'courthouse',
  'attorney',
  'lawyer',
  'counsel',
  'esquire',
  'judge',
  'judicial',
  'judiciary',
  'justice',
  'clerk',
  'docket',
  'filing',
  'efiling',
  'federal',
  'district',
  'bankruptcy',
  'appeals',
  'circuit',
  'lawfirm',
  'legal',
  'trustee',
  'casefile',
]

/** Long enough by themselves, and known to everybody. */
const phrases = [
  'correcthorsebatterystaple',
  'thequickbrownfoxjumpsoverthelazydog',
  'thequickbrownfox',
  'tobeornottobethatisthequestion',
  'tobeornottobe',
  'maytheforcebewithyou',
  'wethepeopleoftheunitedstates',
  'wethepeople',
  'weholdthesetruthstobeselfevident',
  'fourscoreandsevenyearsago',
  'ipledgeallegiancetotheflag',
  'onenationundergod',
  'libertyandjusticeforall',
  'equaljusticeunderlaw',
  'ingodwetrust',
  'thewholetruthandnothingbutthetruth',
  'sohelpmegod',
  'mayitpleasethecourt',
  'beyondareasonabledoubt',
  'innocentuntilprovenguilty',
  'youhavetherighttoremainsilent',
  'attorneyatlaw',
]

/** Whose password it is to be: names, username, e-mail address, number, as they are stored. */
export type PasswordOwner = { readonly words: readonly (string | null | undefined)[] }

export type PasswordPolicy = {
  /**
   * Whether somebody may have this new password. An account's present password is not asked about: one
   * of fourteen characters stays good until its first change.
   * @returns the password in its normal form, as it is to be hashed.
   * @throws UnavailableError when it cannot be looked at now.
   */
  check(password: string, owner: PasswordOwner): Promise<Outcome<string, PasswordProblem>>
}

export function createPasswordPolicy(deps: {
  readonly guesses: Pick<GuessCounter, 'count'>
  readonly profile?: PasswordProfile
}): PasswordPolicy {
  const { guesses, profile = nist } = deps
  return {
    async check(typed, owner) {
      // Before it is normalised, and the same cap as where it is hashed.
      if (Buffer.byteLength(typed) > maximumPasswordBytes) return refused('too-long')
      const password = typed.normalize('NFC')
      const length = [...password].length
      if (length < profile.minimumLength) return refused('too-short')
      if (length > profile.maximumLength) return refused('too-long')
      const enoughLog10 = profile.minimumGuessesLog10
      const found = await guesses.count({ password, words: wordsOf(owner), enoughLog10 })
      const problem = problemOf(found, profile)
      return problem ? refused(problem) : ok(password)
    },
  }
}

function problemOf(
  { guessesLog10, pattern }: Guessability,
  profile: PasswordProfile,
): PasswordProblem | undefined {
  return guessesLog10 < profile.minimumGuessesLog10 ? patternProblems[pattern] : undefined
}

const shortestWord = 3
const mostWords = 64

/** The words as they are, and the parts of each: `jane.doe@example.com` is also `jane` and `doe`. */
function wordsOf({ words }: PasswordOwner): string[] {
  const own = words.flatMap((word) => {
    const text = word?.slice(0, 320).normalize('NFC').toLowerCase() ?? ''
    return [text, text.replace(/[^\p{L}\p{N}]+/gu, ''), ...text.split(/[^\p{L}\p{N}]+/u)]
  })
  const long = [...own.slice(0, mostWords), ...courtWords, ...phrases].filter(
    (word) => word.length >= shortestWord,
  )
  return [...new Set(long)]
}
