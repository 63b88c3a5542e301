/** A form of a page as a browser would see it. Enough of HTML for our own pages, not for the web's. */
export type Form = {
  readonly id: string | undefined
  /** Absolute. */
  readonly action: string
  readonly method: 'get' | 'post'
  /** The page it stands on. */
  readonly page: string
  /** The page's referrer policy, which decides what the browser says about where the form was. */
  readonly referrerPolicy: string | undefined
  /** What would be sent if nobody touched it, buttons aside. */
  readonly fields: Readonly<Record<string, string>>
  /** Every control that can be filled in or pressed, in order. */
  readonly controls: readonly Control[]
}

export type Control = {
  readonly type: string
  readonly name: string | undefined
  readonly id: string | undefined
  readonly value: string
  readonly isChecked: boolean
  readonly isDisabled: boolean
  /** The id of the form that it belongs to, for a control that stands outside. */
  readonly form: string | undefined
}

const buttonTypes = new Set(['submit', 'image', 'button', 'reset'])

/** The forms of a page that came from `page`. */
export function parseForms(html: string, page: string, referrerPolicy?: string): Form[] {
  const visible = html.replace(/<!--[\s\S]*?-->/g, '').replace(/<script\b[\s\S]*?<\/script>/gi, '')
  const pattern = /<form\b([^>]*)>([\s\S]*?)<\/form>/gi
  const outside = parseControls(visible.replace(pattern, ''))
  return [...visible.matchAll(pattern)].map((match): Form => {
    const attributes = parseAttributes(match[1]!)
    const belonging = outside.filter(({ form }) => form !== undefined && form === attributes['id'])
    const controls = [...parseControls(match[2]!), ...belonging]
    return {
      id: attributes['id'],
      action: new URL(attributes['action'] || page, page).href,
      method: attributes['method']?.toLowerCase() === 'post' ? 'post' : 'get',
      page,
      referrerPolicy,
      fields: Object.fromEntries(controls.filter(isSent).map(({ name, value }) => [name, value])),
      controls,
    }
  })
}

function isSent(control: Control): control is Control & { name: string } {
  if (!control.name || control.isDisabled || buttonTypes.has(control.type)) return false
  return (control.type !== 'checkbox' && control.type !== 'radio') || control.isChecked
}

/** The button that Enter presses: the first one that submits. */
export function defaultButton(form: Form): Control | undefined {
  return form.controls.find(({ type, isDisabled }) => type === 'submit' && !isDisabled)
}

function parseControls(html: string): Control[] {
  const pattern =
    /<input\b([^>]*)>|<button\b([^>]*)>|<textarea\b([^>]*)>([\s\S]*?)<\/textarea>|<select\b([^>]*)>([\s\S]*?)<\/select>/gi
  return [...html.matchAll(pattern)].map(
    ([, input, button, textarea, text, select, options]): Control => {
      const attributes = parseAttributes(input ?? button ?? textarea ?? select ?? '')
      const type =
        input !== undefined
          ? (attributes['type']?.toLowerCase() ?? 'text')
          : button !== undefined
            ? (attributes['type']?.toLowerCase() ?? 'submit')
            : textarea !== undefined
              ? 'textarea'
              : 'select'
      return {
        type,
        name: attributes['name'],
        id: attributes['id'],
        value: controlValue(type, attributes, text, options),
        isChecked: 'checked' in attributes,
        isDisabled: 'disabled' in attributes,
        form: attributes['form'],
      }
    },
  )
}

function controlValue(
  type: string,
  attributes: Record<string, string>,
  text: string | undefined,
  options: string | undefined,
): string {
  if (type === 'textarea') return decodeEntities(text ?? '').replace(/^\r?\n/, '')
  if (type === 'select') return selectedOption(options ?? '')
  return attributes['value'] ?? (type === 'checkbox' || type === 'radio' ? 'on' : '')
}

function selectedOption(html: string): string {
  const options = [...html.matchAll(/<option\b([^>]*)>([^<]*)/gi)].map(([, attributes, text]) => ({
    attributes: parseAttributes(attributes!),
    text: decodeEntities(text!).trim(),
  }))
  const option = options.find(({ attributes }) => 'selected' in attributes) ?? options[0]
  return option ? (option.attributes['value'] ?? option.text) : ''
}

function parseAttributes(text: string): Record<string, string> {
  const pattern = /([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g
  return Object.fromEntries(
    [...text.matchAll(pattern)].map(([, name, double, single, bare]) => [
      name!.toLowerCase(),
      decodeEntities(double ?? single ?? bare ?? ''),
    ]),
  )
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text of an HTML page as characters. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal) return String.fromCodePoint(Number(decimal))
    return named[name.toLowerCase()] ?? whole
  })
}
