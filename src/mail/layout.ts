import { helpLine } from '../help-line.ts'
import { loadTemplates } from '../http/page-shell.ts'
import { inOneLine, type MailText } from './words.ts'

export type LaidOutMail = { readonly subject: string; readonly text: string; readonly html: string }

/** A link with its address, and for how long it holds. */
export type LaidOutLink = { readonly url: string; readonly lifeMinutes: number }

/** What a message is made of, from top to bottom; each form of it shows every part in its own way. */
type Part =
  | { readonly kind: 'text' | 'small' | 'code'; readonly text: string }
  | {
      readonly kind: 'link'
      readonly label: string
      readonly url: string
      readonly isButton: boolean
    }

const render = loadTemplates(new URL('./templates/', import.meta.url))

const sender = 'Central Sign-On, for PACER and the federal courts'
const help = `Questions? Call the PACER Service Center, ${helpLine.phone}, ${helpLine.hours}.`
const closing =
  'This message was sent automatically, and nobody reads replies to it. We never ask for your password by e-mail or ' +
  'on the telephone.'

/** One message as plain text and as HTML, which say the same in the same order. */
export function layOut(
  { subject, paragraphs, code, button, withoutLink }: MailText,
  links: { readonly main?: LaidOutLink | undefined; readonly notMe?: LaidOutLink | undefined },
): LaidOutMail {
  const text = (words: string): Part => ({ kind: 'text', text: words })
  const small = (words: string): Part => ({ kind: 'small', text: words })
  const parts: Part[] = [
    ...paragraphs.map(text),
    ...(code === undefined ? [] : [{ kind: 'code', text: code } as const]),
    ...(links.main ? linkParts(button ?? 'Continue', links.main, true) : []),
    text(withoutLink),
    ...(links.notMe
      ? [
          text(
            'If this was not you, open the page below. It says what it will do before it does it.',
          ),
          ...linkParts('This was not me', links.notMe, false),
        ]
      : []),
    small(help),
    small(closing),
  ]
  return {
    subject: inOneLine(subject),
    text: [sender, ...parts.map(asText)].join('\n\n').concat('\n'),
    html: render('mail', { subject: inOneLine(subject), sender, parts }),
  }
}

function linkParts(label: string, { url, lifeMinutes }: LaidOutLink, isButton: boolean): Part[] {
  const life = `The link works once, for ${duration(lifeMinutes)} after we sent this message.`
  return [
    { kind: 'link', label, url, isButton },
    { kind: 'small', text: life },
  ]
}

function asText(part: Part): string {
  return part.kind === 'link' ? `${part.label}:\n${part.url}` : part.text
}

/** In the largest unit that divides it. */
function duration(minutes: number): string {
  const [count, unit] =
    minutes % 1440 === 0
      ? [minutes / 1440, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
