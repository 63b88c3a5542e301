import { readFileSync } from 'node:fs'

/** The fenced blocks of one language in a file of `docs/`, in order. */
export function documentedBlocks(file: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))
  return [...blocks].map(([, block]) => block!)
}

/**
 * A documented text with names, paths and secrets of this machine in place of those it shows, longer
 * ones first where one is a part of another.
 * @throws Error when the text does not have one of them any more.
 */
export function adapted(text: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((current, [shown, actual]) => {
    if (!current.includes(shown)) throw new Error(`${shown} is not in the document:\n${text}`)
    return current.replaceAll(shown, actual)
  }, text)
}
