import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { accountNumberPattern } from '../src/accounts/account.ts'
import { helpLine } from '../src/help-line.ts'
import { clientIdPattern, courtIdPattern, randomToken } from '../src/ids.ts'
import { loggablePath } from '../src/loggable-path.ts'
import { pageOfForm } from '../src/page-of-form.ts'
import {
  assetPath,
  documentPaths,
  enginePaths,
  isSignOutPath,
  notMePath,
  paths,
  resetPasswordPath,
  resumedUid,
  resumePath,
  signInPath,
  signOutPaths,
  tokenInLink,
} from '../src/paths.ts'

const source = fileURLToPath(new URL('../src/', import.meta.url))

/** Every file that is written by hand, without its comments: they may speak of a path. */
const texts = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(?:ts|js|eta|css)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !file.includes('/generated/'))
  .map((file) => ({
    file: relative(source, file),
    text: withoutComments(readFileSync(file, 'utf8')),
  }))

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

/** The files whose code begins a literal with `path`, or joins it to an issuer. */
function spelledIn(path: string, all = texts): string[] {
  const literal = new RegExp(`['"\`}\\s]${path.replace(/[.]/g, '\\.')}(?![\\w-])`)
  return all.filter(({ text }) => literal.test(text)).map(({ file }) => file)
}

const everyPath = [
  ...Object.values(paths).filter((path) => path !== paths.home),
  ...Object.values(enginePaths),
  ...Object.values(signOutPaths),
  ...documentPaths,
  signInPath('').slice(0, -1),
  assetPath('', '', '').slice(0, '/assets'.length),
]

describe('a path of ours', () => {
  test.each([...new Set(everyPath)])('%s is spelled in the table alone', (path) => {
    expect(spelledIn(path).filter((file) => file !== 'paths.ts')).toEqual([])
  })

  test.each([
    "router.get('/account', show)",
    'redirect(`/account?state=x`)',
    'const uri = `{issuer}/account`',
    '<a href="/account">Your account</a>',
    'Allow: /account',
  ])('is found where somebody writes %s', (text) => {
    expect(spelledIn(paths.account, [{ file: 'planted.ts', text }])).toEqual(['planted.ts'])
  })

  test('keeps its identifier out of the logs', () => {
    expect(loggablePath(signInPath('secret'))).toBe('/sign-in/…')
    expect(loggablePath('/sign-in/secret/cancel')).toBe('/sign-in/…/cancel')
    expect(loggablePath(resumePath('secret'))).toBe('/oidc/auth/…')
    expect(loggablePath(paths.account)).toBe('/account')
    const token = randomToken()
    expect(loggablePath(notMePath(token))).toBe('/account/not-me/…')
    expect(loggablePath(`/any/${token}/more`)).toBe('/any/…/more')
    for (const after of ['.', '>', '%3E', '%00', '/', 'x', '/more']) {
      expect(loggablePath(`${resetPasswordPath(token)}${after}`)).toBe('/recover/password/…')
      expect(loggablePath(`/recover/pass%77ord/${token}${after}`)).toBe('/recover/pass%…')
      expect(loggablePath(`/any/${token}${after}`)).not.toContain(token)
    }
    expect(loggablePath(paths.recoverPasswordSent)).toBe('/recover/password/sent')
  })

  test('takes a token in exactly its form', () => {
    const token = randomToken()
    expect(tokenInLink(resetPasswordPath(token))).toBe(token)
    const letter = `%${token.charCodeAt(0).toString(16)}`
    for (const other of [`${token}.`, `${token}%00`, `${letter}${token.slice(1)}`, 'sent', '']) {
      expect(tokenInLink(resetPasswordPath(other)), other).toBe('')
    }
    expect(tokenInLink(`/any/${token}`)).toBe('')
  })

  test('knows the page that its form stands on', () => {
    expect(pageOfForm('/sign-in/abc/cancel')).toBe('/sign-in/abc')
    expect(pageOfForm(paths.vendorWithdrawal)).toBe(paths.accountApplications)
    expect(pageOfForm(paths.accountSignOut)).toBe(paths.account)
    expect(pageOfForm('/accounting')).toBeUndefined()
    expect(pageOfForm('/sign-in/')).toBeUndefined()
  })

  test('says whose end or way out it is', () => {
    expect(resumedUid(resumePath('abc', 'ncwd').split('?')[0] ?? '')).toBe('abc')
    expect(resumedUid(enginePaths.authorization)).toBeUndefined()
    expect(isSignOutPath(signOutPaths.stay)).toBe(true)
    expect(isSignOutPath(paths.account)).toBe(false)
  })
})

test.each(Object.entries(helpLine))('%s of the help line is written once', (_, words) => {
  const files = texts.filter(({ text }) => text.includes(words)).map(({ file }) => file)
  expect(files).toEqual(['help-line.ts'])
})

test.each([
  ['a court', courtIdPattern, 'ids.ts'],
  ['a client', clientIdPattern, 'ids.ts'],
  ['an account’s number', accountNumberPattern, 'accounts/account.ts'],
])('what the id of %s may look like is written once', (_, { source: pattern }, home) => {
  const files = texts.filter(({ text }) => text.includes(pattern)).map(({ file }) => file)
  expect(files).toEqual([home])
})
