import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createSealing, type SealingKey } from '../../src/signing/sealed-field.ts'
import { createSecrets, parseSecrets } from '../../src/signing/secrets.ts'

const makeKey = (id: string): SealingKey => ({ id, key: createSecretKey(randomBytes(32)) })
const markKey = createSecretKey(randomBytes(32))
const [first, second] = [makeKey('first'), makeKey('second')]
const sealing = createSealing([first], markKey)
const place = { table: 'accounts', column: 'birth_date_sealed', rowId: 'row-1' }
const day = '1955-03-08'

describe('a sealed field', () => {
  test('opens in its place, and is another text each time', () => {
    const [one, other] = [sealing.seal(day, place), sealing.seal(day, place)]
    expect([sealing.open(one, place), sealing.open(other, place)]).toEqual([day, day])
    expect(one).not.toBe(other)
    expect(one).toMatch(/^v1\.first\.[\w-]+$/)
    expect(Buffer.from(one.split('.')[2]!, 'base64url').toString('latin1')).not.toContain(day)
  })

  test.each([
    ['', ''],
    ['é', 'é'],
    ['long', 'x'.repeat(10_000)],
  ])('keeps any text: %s', (_, text) => {
    expect(sealing.open(sealing.seal(text, place), place)).toBe(text)
  })

  test.each([
    ['row', { ...place, rowId: 'row-2' }],
    ['column', { ...place, column: 'another_sealed' }],
    ['table', { ...place, table: 'registrations' }],
    ['border between two of them', { ...place, table: 'accounts"', column: place.column.slice(1) }],
  ])('that was moved to another %s does not open', (_, elsewhere) => {
    expect(() => sealing.open(sealing.seal(day, place), elsewhere)).toThrow(/was changed, or moved/)
  })

  test('that was changed by one bit does not open, wherever the bit is', () => {
    const [form, id, data] = sealing.seal(day, place).split('.')
    const bytes = Buffer.from(data!, 'base64url')
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes)
      changed[index]! ^= 1
      const text = `${form}.${id}.${changed.toString('base64url')}`
      expect(() => sealing.open(text, place)).toThrow(/was changed, or moved/)
    }
  })

  test.each([
    ['nothing', ''],
    ['the day itself', day],
    ['another form', 'v2.first.AAAA'],
    ['one part more', `${sealing.seal(day, place)}.AAAA`],
    ['no data', 'v1.first.'],
    ['a shorter tag', sealing.seal('', place).slice(0, -1)],
  ])('is not %s', (_, text) => {
    expect(() => sealing.open(text, place)).toThrow()
  })

  test('of an older key opens with both, is told to be old, and not with the new one alone', () => {
    const old = sealing.seal(day, place)
    const both = createSealing([second, first], markKey)
    expect(both.open(old, place)).toBe(day)
    expect([both.isOutdated(old), sealing.isOutdated(old)]).toEqual([true, false])
    expect(both.isOutdated(both.seal(day, place))).toBe(false)
    expect(() => createSealing([second], markKey).open(old, place)).toThrow(
      /not among the secrets: first/,
    )
  })

  test('does not open under the id of another key', () => {
    const old = sealing.seal(day, place).replace('.first.', '.second.')
    expect(() => createSealing([second, first], markKey).open(old, place)).toThrow(/was changed/)
    const renamed = createSealing([{ id: 'second', key: first.key }], markKey)
    expect(() => renamed.open(old, place)).toThrow(/was changed/)
  })

  test('says no text of it when it does not open', () => {
    const sealed = sealing.seal(day, place)
    expect(() => sealing.open(sealed, { ...place, rowId: 'row-2' })).not.toThrow(day)
  })

  test('has the same mark wherever it is equal in its column, and another in another', () => {
    const both = createSealing([second, first], markKey)
    expect(both.mark(day, place)).toBe(sealing.mark(day, { ...place, ...{ rowId: 'row-2' } }))
    expect(sealing.mark(day, place)).not.toBe(sealing.mark('1955-03-09', place))
    expect(sealing.mark(day, place)).not.toBe(sealing.mark(day, { ...place, column: 'other' }))
    const elsewhere = createSealing([first], createSecretKey(randomBytes(32)))
    expect(elsewhere.mark(day, place)).not.toBe(sealing.mark(day, place))
  })
})

describe('the keys in the secrets', () => {
  const json = () => JSON.parse(createSecrets({ isDevelopment: true }))
  const read = (secrets: object) => {
    const parsed = parseSecrets(JSON.stringify(secrets))
    if (!parsed.ok) throw new Error(parsed.problem)
    return parsed.value.sealing
  }

  test('a file from before there were any starts, and seals', () => {
    const { sealing: _, ...before } = json()
    const old = read(before)
    const sealed = old.seal(day, place)
    expect(old.newest).toBe('master')
    expect(read(before).open(sealed, place)).toBe(day)
    // And what it sealed opens when it has keys of its own.
    const own = read({ ...before, sealing: json().sealing })
    expect(own.open(sealed, place)).toBe(day)
    expect(own.isOutdated(sealed)).toBe(true)
    expect(own.mark(day, place)).toBe(old.mark(day, place))
  })

  test('a new installation has one of its own, and the first of the list seals', () => {
    const own = json()
    expect(read(own).newest).toBe(own.sealing[0].id)
    const rotated = { ...own, sealing: [...json().sealing, ...own.sealing] }
    expect(read(rotated).newest).toBe(rotated.sealing[0].id)
    expect(read(rotated).open(read(own).seal(day, place), place)).toBe(day)
  })

  const short = randomBytes(16).toString('base64')
  const long = randomBytes(64).toString('base64')
  test.each<[string, (own: ReturnType<typeof json>) => object, RegExp]>([
    ['a short key', (own) => ({ sealing: [{ ...own.sealing[0], key: short }] }), /sealing\.0\.key/],
    ['a long key', (own) => ({ sealing: [{ ...own.sealing[0], key: long }] }), /sealing\.0\.key/],
    [
      'the id of the derived one',
      (own) => ({ sealing: [{ ...own.sealing[0], id: 'master' }] }),
      /id/,
    ],
    [
      'an id with a dot',
      (own) => ({ sealing: [{ ...own.sealing[0], id: 'a.b' }] }),
      /sealing\.0\.id/,
    ],
    [
      'one key twice',
      (own) => ({ sealing: [own.sealing[0], { ...own.sealing[0], id: 'b' }] }),
      /two places/,
    ],
    [
      'one id twice',
      (own) => ({ sealing: [own.sealing[0], { ...json().sealing[0], id: own.sealing[0].id }] }),
      /one id/,
    ],
    ['a pepper', (own) => ({ sealing: [{ id: 'b', key: own.peppers[0].key }] }), /two places/],
  ])('are refused: %s', (_, change, problem) => {
    const own = json()
    const parsed = parseSecrets(JSON.stringify({ ...own, ...change(own) }))
    expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(problem) })
  })
})
