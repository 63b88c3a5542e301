import { randomBytes } from 'node:crypto'

/** What a browser sends for a form with a file, the fields in front of it. */
export function multipart(
  fields: Readonly<Record<string, string>>,
  file: { readonly name: string; readonly bytes: Uint8Array; readonly type: string },
): { readonly type: string; readonly body: Buffer } {
  const boundary = `----test${randomBytes(8).toString('hex')}`
  const head = (about: string) => `--${boundary}\r\nContent-Disposition: form-data; ${about}\r\n`
  const { name, bytes, type } = file
  const parts = [
    ...Object.entries(fields).map(([field, value]) =>
      Buffer.from(`${head(`name="${field}"`)}\r\n${value}\r\n`),
    ),
    Buffer.from(`${head(`name="file"; filename="${name}"`)}Content-Type: ${type}\r\n\r\n`),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) }
}
