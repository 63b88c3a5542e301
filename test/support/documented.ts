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

/**
 * A whole file that a document shows: the block whose first line is a comment with its name.
 * @throws Error when there is none.
 */
export function documentedFile(file: string, language: string, name: string): string {
  const isNamed = (block: string) => /^(?:#|\/\/) (.*?):/.exec(block)?.[1] === name
  const found = documentedBlocks(file, language).find(isNamed)
  if (!found) throw new Error(`${file} does not show ${name}`)
  return found
}
