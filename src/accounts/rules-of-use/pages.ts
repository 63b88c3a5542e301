import { formatDay } from '../../days.ts'
import { loadTemplates, renderShell } from '../../http/page-shell.ts'
import { accountTemplates } from '../account-templates.ts'
import { rulesVersion } from '../rules-of-use.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), accountTemplates)

/** The rules of use that hold now, for anybody. */
export function rulesOfUsePage(model: { nonce: string }): string {
  return renderShell({
    ...model,
    title: 'Rules of use',
    body: template('rules-of-use', { version: formatDay(rulesVersion) }),
  })
}
