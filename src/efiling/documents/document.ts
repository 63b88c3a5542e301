import { hasUnseen } from '../../accounts/person/text.ts'
import { type Outcome, ok, refused } from '../../outcome.ts'

/** What courts read everywhere: PDF and the two kinds of pictures that telephones and scanners make. */
export const documentTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type DocumentType = (typeof documentTypes)[number]

export const documentTypeLabels: Readonly<Record<DocumentType, string>> = {
  'application/pdf': 'PDF',
  'image/jpeg': 'JPEG picture',
  'image/png': 'PNG picture',
}

/** Ten megabytes, as people count them. */
export const maximumDocumentBytes = 10 * 1024 * 1024
const longestName = 150

/** What is known of a document without opening it. */
export type FilingDocument = {
  readonly id: string
  readonly requestId: string
  /** The id of the question that asks for it. */
  readonly question: string
  /** The words of that question, as they were shown. */
  readonly label: string
  /** What its sender called the file; never with a path. */
  readonly name: string
  readonly type: DocumentType
  /** In bytes. */
  readonly size: number
  readonly createdAt: Date
}

/** A file as it came. */
export type SentFile = { readonly name: string; readonly bytes: Buffer }

/** Why a file is not taken as a document. */
export type DocumentRefusal = 'empty' | 'wrong-type' | 'name-with-path' | 'wrong-name'

/** Checks a file by its content; its name and what its sender says of its type prove nothing. */
export function checkDocument({
  name,
  bytes,
}: SentFile): Outcome<{ readonly name: string; readonly type: DocumentType }, DocumentRefusal> {
  const called = name.trim().normalize('NFC')
  if (/[/\\]/.test(called)) return refused('name-with-path')
  if (called === '' || /^\.+$/.test(called) || hasUnseen(called)) return refused('wrong-name')
  if ([...called].length > longestName) return refused('wrong-name')
  if (bytes.length === 0) return refused('empty')
  const type = typeOf(bytes)
  return type ? ok({ name: called, type }) : refused('wrong-type')
}

/**
 * The type that a file has by its first bytes. Three kinds are few enough to be told apart by hand.
 * @see ISO 32000-2 section 7.5.2; ISO/IEC 10918-1 annex B; ISO/IEC 15948 section 5.2
 */
export function typeOf(bytes: Uint8Array): DocumentType | undefined {
  return documentTypes.find((type) => signatures[type].every((byte, at) => bytes[at] === byte))
}

const signatures: Readonly<Record<DocumentType, readonly number[]>> = {
  'application/pdf': [...Buffer.from('%PDF-')],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
}

const endings: Readonly<Record<DocumentType, readonly string[]>> = {
  'application/pdf': ['.pdf'],
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
}

/** What the file is called where it is kept next: its ending says what it is, whatever its sender called it. */
export function downloadName({ name, type }: Pick<FilingDocument, 'name' | 'type'>): string {
  const [usual = ''] = endings[type]
  return endings[type].some((ending) => name.toLowerCase().endsWith(ending)) ? name : name + usual
}

/** `2.4 MB`, `310 KB`. */
export function sizeInWords(bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024))
  return kilobytes < 1000 ? `${kilobytes} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
