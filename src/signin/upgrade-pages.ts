import { accountTemplates } from '../accounts/account-templates.ts'
import { passwordHint, passwordRules } from '../accounts/password-policy.ts'
import { personLists } from '../accounts/person/lists.ts'
import { problemOf } from '../http/form-kit.ts'
import { loadTemplates, renderShell } from '../http/page-shell.ts'
import type { Fields } from '../http/read-form.ts'
import type { Problem } from '../problem.ts'
import type { Form } from './pages.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), accountTemplates)

/** One form of an upgrade, with what was typed and what is wrong with it. */
type UpgradePage = Form & { readonly typed: Fields; readonly problems: readonly Problem[] }

/** Who it is. */
export function upgradePersonPage(
  model: UpgradePage & { readonly asksBirthDate: boolean },
): string {
  return render(model, { part: 1, name: 'upgrade-person', title: 'About you' })
}

/** Where paper and calls reach the holder. */
export function upgradeAddressPage(model: UpgradePage): string {
  return render(model, { part: 2, name: 'upgrade-address', title: 'Your address' })
}

/** How one signs in from now on. A password that was typed before is never shown again. */
export function upgradeSecurityPage(model: UpgradePage & { readonly oldUsername: string }): string {
  return render(model, { part: 3, name: 'upgrade-security', title: 'Username and password' })
}

function render(
  model: UpgradePage,
  { part, name, title }: { part: number; name: string; title: string },
): string {
  const { problems, nonce } = model
  const summary = problems.length > 0 && { heading: 'Correct what is listed here', problems }
  return renderShell({
    nonce,
    title: `${summary ? 'Error: ' : ''}${title} - Upgrade your account`,
    scripts: name === 'upgrade-security' ? ['show-passwords.js'] : [],
    body: template(name, {
      ...model,
      ...personLists,
      part,
      title,
      summary,
      hint: passwordHint,
      rules: passwordRules,
      problem: (field: string) => problemOf(problems, field),
    }),
  })
}
