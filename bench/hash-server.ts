/**
 * What one password costs and nothing else: an argon2id verification per request, bare, with one ES256
 * signature after it, or through `src/accounts/password.ts`. Environment: PORT.
 */

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { hash, verify } from '@node-rs/argon2'
import { createPasswords } from '../src/accounts/password.ts'

const password = 'correct horse battery staple'
const bare = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
const passwords = createPasswords({
  peppers: [{ id: 'bench', key: randomBytes(32) }],
  concurrency: 1,
  queue: 32,
  isStubbed: false,
})
const stored = await passwords.hash(password)
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const claims = randomBytes(600)

const answers: Record<string, () => Promise<boolean>> = {
  '/bare': () => verify(bare, password),
  '/bare-and-sign': async () =>
    (await verify(bare, password)) &&
    sign('sha256', claims, { key: privateKey, dsaEncoding: 'ieee-p1363' }).length === 64,
  '/ours': async () => (await passwords.verify(password, stored)) === 'match',
}

createServer(async (request, response) => {
  const isRight = await answers[request.url ?? '']?.()
  response.statusCode = isRight ? 204 : 500
  response.end()
}).listen(Number(process.env['PORT']), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
