import { loadTemplates, renderShell } from '../http/page-shell.ts'
import type { Problem } from '../problem.ts'
import type { Form } from './pages.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url))

type OnLinkPage = Form & {
  readonly courtName: string
  /** The offices of the clerk; trusted HTML. */
  readonly offices: string | undefined
}

type LinkTrouble = {
  readonly heading: string
  readonly text?: string | undefined
  readonly problems?: readonly Problem[]
}

/** Linking is due at the court that asks: the form for the old login, or "not now". */
export function linkStepPage(
  model: OnLinkPage & {
    /** Trusted HTML; absent in a session that began too long ago: then it is done in the account. */
    readonly form: string | undefined
    readonly linkUrl: string
    readonly closesOn: string | undefined
    readonly problem?: LinkTrouble | undefined
  },
): string {
  return render(model, 'Link your old filing account', 'link-step')
}

/** Both names, and the yes to them. */
export function namesStepPage(
  model: OnLinkPage & { readonly form: string; readonly problem?: LinkTrouble | undefined },
): string {
  return render(model, 'Is this you?', 'link-names-step')
}

/** Nothing can be linked now, and the sign-in goes on without it. */
export function cannotLinkStepPage(
  model: OnLinkPage & { readonly heading: string; readonly text: string },
): string {
  return render(model, model.heading, 'cannot-link-step')
}

function render(
  model: OnLinkPage & { readonly problem?: LinkTrouble | undefined },
  title: string,
  name: string,
): string {
  return renderShell({
    nonce: model.nonce,
    title: `${model.problem ? 'Error: ' : ''}${title}`,
    scripts: ['show-passwords.js'],
    body: template(name, model),
  })
}
