const sentences: Readonly<Record<string, string>> = {
  openid: 'Know that it is you who signed in',
  profile: 'See your name and username',
  email: 'See the e-mail address of your account',
  pacer: 'See your account number, account type and billing settings',
  efiling: 'See what these courts let you file, and file with your rights there',
}

/** What these scopes let an application know or do, as the person reads it; always in this order. */
export function consentSentences(scopes: readonly string[]): string[] {
  return Object.entries(sentences).flatMap(([scope, text]) => (scopes.includes(scope) ? text : []))
}

/** What `offline_access` lets an application do besides. */
export const stayConnectedSentence =
  'Stay connected for 12 hours at most, also after you have stopped working here, until you sign out or take this back'
