import { chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNginx } from '../../scripts/services.mjs'
import { makeCertificate, trustAuthority } from './certificate.ts'
import { adapted, documentedBlocks } from './documented.ts'
import { createHttpClient } from './http-client.ts'
import { startServer, temporaryFolder, unprivilegedUser } from './server-process.ts'

export type Nginx = {
  /** What it wrote to `access.log` in its folder. */
  accessLog(): string
  stop(): Promise<void>
}

type NginxFolder = ReturnType<typeof temporaryFolder>

const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/**
 * A real nginx with the settings of docs/operate.md, at `https://localhost:PORT`, in front of the
 * document's two processes. Its certificate is trusted by this process until it is stopped.
 * @param targets the ports of the two processes; nginx passes over one that is not running.
 */
export async function startDocumentedNginx(
  port: number,
  targets: readonly [number, number],
): Promise<Nginx> {
  const owner = unprivilegedUser()
  const certificate = makeCertificate({ ...(owner && { owner }) })
  const endTrust = trustAuthority(certificate.authority)
  const folder = temporaryFolder('nginx', owner)
  const [settings = ''] = documentedBlocks('operate.md', 'nginx')
  const nginx = await startNginx(
    adapted(settings, {
      '127.0.0.1:3000': `127.0.0.1:${targets[0]}`,
      '127.0.0.1:3001': `127.0.0.1:${targets[1]}`,
      'listen 443': `listen 127.0.0.1:${port}`,
      '/etc/ssl/sso.example.gov.pem': certificate.certificateFile,
      '/etc/ssl/sso.example.gov.key': certificate.keyFile,
      '/var/log/nginx/sso.log': `${folder.path}/access.log`,
      'sso.example.gov': 'localhost',
      // The document's server is on the port that goes without saying.
      $host: `$host:${port}`,
    }),
    `https://localhost:${port}`,
    folder,
  )
  return {
    ...nginx,
    async stop() {
      await nginx.stop()
      await endTrust()
      certificate.remove()
    },
  }
}

/**
 * A real nginx with these settings in its `http` block.
 * @param url an address that it answers once it has started, in whatever way.
 */
async function startNginx(settings: string, url: string, folder: NginxFolder): Promise<Nginx> {
  const user = unprivilegedUser()
  const { path } = folder
  const program = findNginx()
  if (!program) throw new Error('nginx is not on this machine')
  const write = (name: string, text: string) => {
    writeFileSync(join(path, name), text)
    if (user) chownSync(join(path, name), user.uid, user.gid)
    return join(path, name)
  }
  const configuration = write(
    'nginx.conf',
    `daemon off;
worker_processes 1;
pid ${path}/nginx.pid;
events {}
http {
${temporaryPaths.map((name) => `  ${name}_temp_path ${path}/${name};`).join('\n')}
${settings}}
`,
  )
  const logFile = write('error.log', '')
  const server = await startServer({
    command: program,
    args: ['-p', path, '-c', configuration, '-e', logFile],
    logFile,
    user,
    exitSignal: 'SIGTERM',
    isReady: async () => {
      const probe = createHttpClient()
      await probe.get(url).finally(() => probe.stop())
      return true
    },
  })
  return {
    accessLog: () => readFileSync(join(path, 'access.log'), 'utf8'),
    async stop() {
      if (server.isRunning()) await server.end('SIGTERM')
      folder.remove()
    },
  }
}
