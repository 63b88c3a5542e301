import { cookieKinds, cookieName } from '../http/own-cookie.ts'
import { loadTemplates, renderShell } from '../http/page-shell.ts'

/** As they are called on https. */
const cookies = Object.fromEntries(cookieKinds.map((kind) => [kind, cookieName(kind, true)]))

const template = loadTemplates(new URL('./templates/', import.meta.url))

/** What is kept about a person, for how long, which cookies there are, and whom to ask. */
export function privacyPage(model: { nonce: string }): string {
  return renderShell({ ...model, title: 'Privacy', body: template('privacy', { cookies }) })
}

/** How the pages can be used, and whom to tell what does not work. */
export function accessibilityPage(model: { nonce: string }): string {
  return renderShell({ ...model, title: 'Accessibility', body: template('accessibility', {}) })
}
