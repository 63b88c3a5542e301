import { createSecretKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { expect, onTestFinished, test } from 'vitest'
import { csrfToken } from '../../src/http/csrf.ts'
import { type PostedFile, takeUpload, type UploadForm } from '../../src/http/upload-form.ts'
import { multipart } from '../support/multipart.ts'

const key = createSecretKey(Buffer.alloc(32, 1))
const issuer = 'https://sign-on.example'

/** A server whose forms with files are worked on until `goOn`. */
async function openUploads() {
  const { promise: gate, resolve: goOn } = Promise.withResolvers<void>()
  let isTaking = Promise.withResolvers<void>()
  const app = new Koa()
  app.use(async (ctx) => {
    const visit = ctx.get('visit')
    const form = formOf(ctx.get('kind') as UploadForm['kind'])
    await takeUpload(ctx, form, { key, issuer, visit }, async (posted: PostedFile) => {
      ctx.body = posted.ok ? 'taken' : posted.reason
      if (!posted.ok) return
      isTaking.resolve()
      await gate
    })
  })
  const server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const { port } = server.address() as AddressInfo
  const send = async (kind: UploadForm['kind'], visit: string): Promise<string> => {
    const csrf = csrfToken(key, visit, formOf(kind).name)
    const bytes = Buffer.from('some bytes')
    const { type, body } = multipart({ csrf }, { name: 'a.csv', bytes, type: 'text/csv' })
    const headers = { 'content-type': type, kind, visit, connection: 'close' }
    const init = { method: 'POST', headers, body: new Uint8Array(body) }
    return (await fetch(`http://127.0.0.1:${port}/`, init)).text()
  }
  return {
    goOn,
    send,
    /** A file that has been read and is being worked on. */
    async begin(kind: UploadForm['kind'], visit: string): Promise<Promise<string>[]> {
      isTaking = Promise.withResolvers()
      const sent = send(kind, visit)
      await isTaking.promise
      return [sent]
    },
  }
}

function formOf(kind: UploadForm['kind']): UploadForm {
  return { name: `form ${kind}`, kind, page: '/page', maximumBytes: 1024 }
}

test('a file holds its place until it is done with, and takes none of another kind', async () => {
  const uploads = await openUploads()
  const worked = await uploads.begin('accounts', 'mona')
  expect(await uploads.send('accounts', 'mona')).toBe('busy')
  worked.push(...(await uploads.begin('accounts', 'max')))
  expect(await uploads.send('accounts', 'otto')).toBe('busy')
  worked.push(...(await uploads.begin('document', 'mona')))
  uploads.goOn()
  expect(await Promise.all(worked)).toEqual(['taken', 'taken', 'taken'])
  expect(await uploads.send('accounts', 'otto')).toBe('taken')
})
