import { loadTemplates, renderShell } from '../../http/page-shell.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type OnBoth = {
  readonly nonce: string
  readonly courtName: string
  /** In the old system. */
  readonly login: string
}

/** What a link in a mail will do, before it does it. */
export function wrongLinkPage(
  model: OnBoth & { readonly action: string; readonly csrf: string; readonly isHolder: boolean },
): string {
  const { nonce } = model
  return renderShell({ nonce, title: 'Is this link wrong?', body: template('wrong-link', model) })
}

/** It is done. */
export function saidWrongPage(model: OnBoth & { readonly courtUrl: string }): string {
  const { nonce } = model
  return renderShell({ nonce, title: 'Filing is stopped', body: template('said-wrong', model) })
}
