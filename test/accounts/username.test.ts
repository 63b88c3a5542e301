import { describe, expect, test } from 'vitest'
import { canonicalUsername, checkUsername } from '../../src/accounts/username.ts'

describe('a username that is to be stored', () => {
  test.each([
    ['eight characters', 'jdoe1234', true, 'jdoe1234'],
    ['64 characters', 'a'.repeat(64), true, 'a'.repeat(64)],
    ['capitals', 'JDoe-Attorney', true, 'jdoe-attorney'],
    ['every kind of character', 'j.doe_1@x-y', true, 'j.doe_1@x-y'],
    ['six characters of a legacy account', 'LE1234', false, 'le1234'],
  ])('with %s is taken', (_, username, isUpgraded, canonical) => {
    expect(checkUsername(username, { isUpgraded })).toEqual({ ok: true, value: canonical })
  })

  test.each([
    ['seven characters', 'jdoe123', true, 'too-short'],
    ['no character', '', true, 'forbidden-character'],
    ['65 characters', 'a'.repeat(65), true, 'too-long'],
    ['seven characters for a legacy account', 'le12345', false, 'not-legacy-length'],
    ['a space', 'jdoe 1234', true, 'forbidden-character'],
    ['a space at the end', 'jdoe1234 ', true, 'forbidden-character'],
    ['a line break at the end', 'jdoe1234\n', true, 'forbidden-character'],
    ['a NUL', 'jdoe\x001234', true, 'forbidden-character'],
    ['a full-width letter', 'ｊdoe1234', true, 'forbidden-character'],
    ['a Kelvin sign for K', '\u212Aathleen1', true, 'forbidden-character'],
    ['a long s', 'jdoe-\u017Fmith', true, 'forbidden-character'],
    ['a Cyrillic а among Latin letters', 'jdoe-\u0430ttorney', true, 'forbidden-character'],
    ['a zero-width space', 'jdoe\u200B1234', true, 'forbidden-character'],
    ['a zero-width joiner', 'jdoe\u200D1234', true, 'forbidden-character'],
    ['a right-to-left override', 'jdoe\u202E1234', true, 'forbidden-character'],
    ['a combining accent', 'jdoe\u03011234', true, 'forbidden-character'],
    ['an accented letter', 'jdoé1234', true, 'forbidden-character'],
    ['an emoji', 'jdoe😀1234', true, 'forbidden-character'],
    ['65,536 combining marks', `j${'\u0301'.repeat(65_536)}`, true, 'too-long'],
  ])('with %s is refused', (_, username, isUpgraded, reason) => {
    expect(checkUsername(username, { isUpgraded })).toEqual({ ok: false, reason })
  })
})

describe('a username that was typed', () => {
  test.each([
    ['as it is', 'jdoe-attorney', 'jdoe-attorney'],
    ['in capitals', 'JDOE-ATTORNEY', 'jdoe-attorney'],
    ['with spaces around it', '  jdoe-attorney\t', 'jdoe-attorney'],
    ['in full-width letters', 'ｊｄｏｅ－ａｔｔｏｒｎｅｙ', 'jdoe-attorney'],
    ['in mathematical letters', '𝐣𝐝𝐨𝐞-attorney', 'jdoe-attorney'],
    ['with a Kelvin sign', '\u212Aathleen', 'kathleen'],
    ['with a ligature', 'o\uFB03ce-manager', 'office-manager'],
  ])('%s finds the account', (_, typed, canonical) => {
    expect(canonicalUsername(typed)).toBe(canonical)
  })

  test.each([
    ['a Cyrillic а', 'jdoe-\u0430ttorney'],
    ['a Greek ο', 'jd\u03BFe-attorney'],
    ['a dotted capital İ', 'W\u0130LL-attorney'],
    ['a dotless ı', 'w\u0131ll-attorney'],
    ['a zero-width space', 'jdoe\u200B-attorney'],
    ['a soft hyphen', 'jdoe\u00AD-attorney'],
    ['a right-to-left override', 'jdoe\u202E-attorney'],
    ['a NUL', 'jdoe\0-attorney'],
    ['a lone surrogate', 'jdoe\uD800-attorney'],
    ['a space inside', 'jdoe attorney'],
    ['65 characters', 'a'.repeat(65)],
    ['letters that grow beyond 64 in their plain form', '\uFDFA'.repeat(64)],
    ['nothing', ''],
  ])('with %s is nobody’s', (_, typed) => {
    expect(canonicalUsername(typed)).toBeUndefined()
  })

  test('is refused at once when it is a long run of combining marks', () => {
    const startedAt = performance.now()
    for (const length of [257, 65_536, 262_144]) {
      expect(canonicalUsername(`j${'\u0301\u0316'.repeat(length / 2)}`)).toBeUndefined()
    }
    expect(performance.now() - startedAt).toBeLessThan(50)
  })

  test('gives what checkUsername stores, for every name that may be stored', () => {
    for (const username of ['JDoe-Attorney', 'a.b_c@d-e1', 'UPPER.CASE', 'x'.repeat(64)]) {
      const stored = checkUsername(username, { isUpgraded: true })
      expect(stored).toEqual({ ok: true, value: canonicalUsername(username) })
    }
  })
})
