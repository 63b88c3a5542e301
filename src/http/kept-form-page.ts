import { loadTemplates, renderShell } from './page-shell.ts'

const template = loadTemplates()

/**
 * A form was sent, and its sender has to sign in first: what was typed waits on this page, and nowhere
 * else. The sign-in is in another tab, so that it works without scripts.
 * @param model.fields typed fields and the form's token; never a password.
 */
export function keptFormPage(model: {
  nonce: string
  reason: 'signed-out' | 'long-ago'
  signInAddress: string
  action: string
  fields: Readonly<Record<string, string>>
}): string {
  return renderShell({
    nonce: model.nonce,
    title: 'Sign in to send this form',
    body: template('kept-form', model),
  })
}
