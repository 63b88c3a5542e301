import { rulesVersion } from '../../src/accounts/rules-of-use.ts'
import type { FormValues, HttpClient, HttpResponse } from './http-client.ts'
import type { ReceivedMail } from './mail-server.ts'

export const newPassword = 'ferry walnut ohio trumpet 9'

/** What somebody types who registers; each test changes what it is about. */
export const applicant = {
  givenName: 'Ada',
  familyName: 'Applicant',
  birthMonth: '4',
  birthDay: '28',
  birthYear: '1986',
  country: 'US',
  addressLine1: '401 West Trade Street',
  city: 'Charlotte',
  state: 'NC',
  postalCode: '28202',
  phone: '(704) 350-7400',
  kind: 'attorney',
  username: 'ada-applicant',
  password: newPassword,
  rules: rulesVersion,
} satisfies FormValues

type Registering = {
  readonly browser: HttpClient
  readonly at: (path: string) => string
  readonly inbox: (to?: string) => Promise<ReceivedMail[]>
}

/** Enters an address; the answer, which leads to the page that asks for the code. */
export async function askFor(
  { browser, at }: Omit<Registering, 'inbox'>,
  email: string,
  query = '',
): Promise<HttpResponse> {
  const page = await browser.get(at(`/register${query}`))
  return browser.submit(page.form('register'), { email })
}

/** The newest mail to this address. */
export async function newestMail(
  inbox: Registering['inbox'],
  to: string,
): Promise<ReceivedMail & { readonly link: string; readonly code: string }> {
  const mail = (await inbox(to)).at(-1)
  if (!mail) throw new Error(`no mail came to ${to}`)
  const link = mail.links.find((each) => each.includes('/register/confirm/')) ?? ''
  return { ...mail, link, code: mail.codes[0] ?? '' }
}

/** Enters an address and confirms it with the code; the page with the form. */
export async function confirmed(
  kit: Registering,
  email: string,
  query = '',
): Promise<HttpResponse> {
  const checking = await kit.browser.follow(await askFor(kit, email, query))
  const { code } = await newestMail(kit.inbox, email)
  const answer = await kit.browser.submit(checking.form('code-form'), { code })
  return kit.browser.follow(answer)
}

/** Fills in the form, sends it, and follows to the page that says that the account is ready. */
export async function registered(
  kit: Registering,
  email: string,
  values: FormValues = {},
  query = '',
): Promise<HttpResponse> {
  const form = (await confirmed(kit, email, query)).form('account-form')
  const answer = await kit.browser.submit(form, { ...applicant, ...values })
  if (!answer.location)
    throw new Error(`the form was not taken (${answer.status}): ${wordsOf(answer)}`)
  return kit.browser.follow(answer)
}

/** What a page says, without its markup. */
export function wordsOf({ text }: Pick<HttpResponse, 'text'>): string {
  const [, main = text] = /<main[^>]*>([\s\S]*)<\/main>/.exec(text) ?? []
  return main
    .replace(/<option[\s\S]*?<\/option>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#8217;/g, '’')
    .replace(/\s+/g, ' ')
    .trim()
}
