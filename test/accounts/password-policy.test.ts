import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGuessCounter } from '../../src/accounts/guessability.ts'
import {
  createPasswordPolicy,
  nist,
  passwordHint,
  passwordProblemWords,
  passwordRules,
} from '../../src/accounts/password-policy.ts'

const guesses = createGuessCounter()
const policy = createPasswordPolicy({ guesses })
afterAll(() => guesses.close())

const owner = {
  words: ['Jane', 'Doe-Carolina', 'jdoe-attorney', 'jane.doe@example.com', '7123456', null],
}
const check = (password: string) => policy.check(password, owner)
const answer = async (password: string) => {
  const checked = await check(password)
  return checked.ok ? 'taken' : checked.reason
}

// The first one waits for the dictionaries.
beforeAll(async () => {
  await check('to begin with something')
}, 20_000)

describe('a password of fifteen characters and more is refused where it', () => {
  test.each([
    ['repeats a letter', 'aaaaaaaaaaaaaaa'],
    ['repeats a sign', '!!!!!!!!!!!!!!!!'],
    ['repeats a word', 'passwordpassword'],
    ['repeats a word in other letters', 'PassWordpassword'],
    ['repeats a word with digits', 'trustno1trustno1'],
    ['repeats a sentence', 'iloveyouiloveyou'],
    ['repeats a syllable', 'abcabcabcabcabc'],
    ['repeats a year', '19751975197519751975'],
    ['repeats to the greatest length', 'ab'.repeat(64)],
    ['doubles letters', 'aabbccddeeffgghh'],
    ['doubles digits', '1122334455667788'],
    ['counts', '123456789012345'],
    ['counts in sixteens', '0123456789abcdef'],
    ['is the alphabet', 'abcdefghijklmnopqrstuvwxyz'],
    ['is the alphabet backwards', 'zyxwvutsrqponmlkj'],
    ['is a row of the keyboard', 'qwertyuiopasdfghjkl'],
    ['is columns of the keyboard', 'qazwsxedcrfvtgbyhn'],
    ['is columns with signs', '!QAZ2wsx#EDC4rfv'],
    ['is digits between rows', '1q2w3e4r5t6y7u8i9o'],
    ['is rows and digits', 'qwerty12345qwerty'],
    ['lists weekdays', 'mondaytuesdaywednesday'],
    ['lists months', 'January February March'],
    ['lists numbers', 'one two three four five'],
    ['joins common passwords', 'monkeydragonmaster'],
    ['joins common words', 'basketballfootball'],
    ['joins common words with blanks', 'baseball football hockey'],
    ['joins common words with a digit', 'sunshineprincess1'],
    ['joins names', 'michaeljordan23'.padEnd(15, '3')],
    ['joins heroes', 'superman batman spiderman'],
    ['says that it is one', 'myverysecretpassword'],
    ['says whose it is', 'administratorpassword'],
    ['asks to be let in', 'letmeinpleasenow'],
    ['asks to be changed', 'changemechangeme1'],
    ['writes letters as signs', 'P@ssw0rdP@ssw0rd1'],
    ['writes letters as signs with a sign between', 'Passw0rd!Passw0rd!'],
    ['is seasons with years', 'Summer2024Winter2025!'],
    ['is a date twice', '12/24/1975 12/24/1975'],
    ['is a month and a day twice', 'january15january15'],
    ['is a saying', 'To be or not to be'],
    ['is the famous passphrase', 'correct horse battery staple'],
    ['is the own name with a year', 'Jane Doe 1975!!'],
    ['is the own name twice', 'JaneDoeJaneDoe1'],
    ['is the username with a year', 'jdoe-attorney2024'],
    ['is the address', 'jane.doe@example.com'],
    ['is the account number twice', '7123456-7123456'],
    ['is the last name with a year', 'Carolina2024!!!!'],
    ['is the court’s system', 'PacerPacerPacer1'],
    ['is the court’s website', 'uscourtsuscourts'],
    ['is words of the court', 'nextgen cmecf password'],
    ['is a kind of court', 'U.S. District Court'],
    ['greets the court', 'Welcome2Court2026!'],
    ['is a profession with a year', 'attorneyatlaw2024'],
    ['is the house with digits', 'courthouse12345'],
  ])('%s', async (_, password) => {
    expect([...password].length).toBeGreaterThanOrEqual(nist.minimumLength)
    expect(await answer(password)).toMatch(/^(?:of-|too-guessable)/)
  })
})

test.each([
  ['four words', 'maple lantern cobalt thursday'],
  ['four words with dashes', 'pamphlet-gravel-ninth-oyster'],
  ['four words with full stops', 'zinc.harbor.tulip.moss'],
  ['words with numbers', 'velvet-otter-42-canyon'],
  ['a sentence of one’s own', 'six blue herons over Norfolk'],
  ['another one', 'my dog has seven fleas'],
  ['words of another language', 'Vier rote Pferde im Schnee'],
  ['a line of a song', 'drei Chinesen mit dem Kontrabass'],
  ['a sentence in Cyrillic letters', 'тихий вечер у реки мост'],
  ['a sentence in Japanese', '日本語のとても長い合言葉です。傘'],
  ['a sentence in Arabic', 'قهوة سوداء فوق سطح المدينة'],
  ['emoji', '🐢🌵🎻🚲🧭🍉🪁🦔🏔🧵🎈🦉🌙🍩🪵🎺'],
  ['what Apple makes', 'hitFuk-4vucje-ramdyn'],
  ['what a manager makes', 'xK9#mQ2$vL7@pR4!'],
  ['what another one makes', 'gR7!wq-2Vz&bT9#kLm'],
  ['letters and digits by chance', 'kQz8vTnW3xLp2rJd'],
  ['letters alone by chance', 'jxqzvkwpbmtrghd'],
  ['digits in sixteens by chance', 'a7f3c91e5b2d8046'],
  ['the longest, of which a part is good enough', 'kQz8vTnW3xLp2rJd'.repeat(8)],
  ['with one’s own name among others', 'jane keeps forty quiet lemurs'],
])('is taken: %s', async (_, password) => {
  expect(await check(password)).toEqual({ ok: true, value: password.normalize('NFC') })
})

describe('the length', () => {
  test('is counted in code points of the normal form, from 15 to 128', async () => {
    expect(await answer('kQz8vTnW3xLp2r')).toBe('too-short')
    expect(await answer('kQz8vTnW3xLp2rJ')).toBe('taken')
    expect(await answer('🐢🌵🎻🚲🧭🍉🪁🦔')).toBe('too-short')
    // Fourteen letters with their accents, in twenty-eight code points as they are typed.
    expect(await answer('e\u0301o\u0308a\u0300u\u0308i\u0302n\u0303c\u0327'.repeat(2))).toBe(
      'too-short',
    )
    expect(await answer(`${'kQz8vTnW3xLp2rJd'.repeat(8)}x`)).toBe('too-long')
  })

  test('is capped in bytes before anything is normalised', async () => {
    const startedAt = performance.now()
    expect(await answer('a\u0300\u0316'.repeat(100_000))).toBe('too-long')
    expect(performance.now() - startedAt).toBeLessThan(50)
  })

  test('makes no two passwords of one that is typed with accents in two ways', async () => {
    const composed = 'fünf Läufer über Zürich'
    const typed = await check(composed.normalize('NFD'))
    expect(typed).toEqual({ ok: true, value: composed.normalize('NFC') })
  })
})

test('no password of the greatest length blocks the process for fifty milliseconds', async () => {
  const longest = [
    'aA1!'.repeat(32),
    'p4$$w0rd1'.repeat(15).slice(0, 128),
    '4@8({[<3#69&0!1|£$5+7%2'.repeat(6).slice(0, 128),
    '12-24-1975'.repeat(13).slice(0, 128),
    'qwertyuiop[]asdfghjkl'.repeat(7).slice(0, 128),
  ]
  const delay = monitorEventLoopDelay({ resolution: 1 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  delay.enable()
  for (const password of longest) await check(password)
  delay.disable()
  expect(delay.max / 1e6).toBeLessThan(50)
})

test('twenty at once are all answered, or told to come back', async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => check(`velvet otter canyon ${index} basin`)),
  )
  const refused = answers.filter(({ status }) => status === 'rejected')
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(16)
  for (const { reason } of refused as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ name: 'UnavailableError' })
  }
})

test('every refusal says what to choose, and the field says it before', () => {
  for (const words of Object.values(passwordProblemWords)) expect(words).toMatch(/^Choose /)
  expect(passwordHint).toContain('15 to 128 characters')
  expect(passwordRules).toBe('minlength: 15; maxlength: 128;')
})

test('a refusal names the kind of weakness', async () => {
  expect(await answer('aaaaaaaaaaaaaaa')).toBe('of-repeats')
  expect(await answer('abcdefghijklmnopqrstuvwxyz')).toBe('of-a-sequence')
  expect(await answer('jdoe-attorney2024')).toBe('of-own-words')
  expect(await answer('basketballfootball')).toBe('of-common-words')
})
