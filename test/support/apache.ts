import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findApache, findApacheModule } from '../../scripts/services.mjs'
import { makeCertificate } from './certificate.ts'
import { createHttpClient } from './http-client.ts'
import { startServer, temporaryFolder, unprivilegedUser } from './server-process.ts'

export type ApacheOptions = {
  readonly port: number
  /** What stands in its configuration, of which this file only supplies the ground. */
  readonly settings: string
  /** Pages by their names, with server-side includes. */
  readonly pages: Readonly<Record<string, string>>
  /** Further files that `settings` name, in its folder. */
  readonly files?: Readonly<Record<string, string>>
  readonly folder: ApacheFolder
}

export type ApacheFolder = ReturnType<typeof temporaryFolder>
export type Apache = { stop(): Promise<void> }

const needed = [
  ...['mpm_event', 'ssl', 'dir', 'include', 'rewrite', 'authn_core', 'authz_core'],
  ...['authz_user', 'auth_openidc'],
]

/** A folder that Apache may read, for the files that settings name before it is started. */
export function apacheFolder(): ApacheFolder {
  return temporaryFolder('apache', unprivilegedUser())
}

/**
 * A real Apache with mod_auth_openidc on `https://127.0.0.1:port`, with a certificate that nobody but
 * the test trusts.
 */
export async function startApache(options: ApacheOptions): Promise<Apache> {
  const user = unprivilegedUser()
  const { path } = options.folder
  const own = makeCertificate({ withAddress: true, owner: user })
  const write = (name: string, text: string) => {
    const file = join(path, name)
    writeFileSync(file, text)
    chmodSync(file, 0o600)
    if (user) chownSync(file, user.uid, user.gid)
    return file
  }
  mkdirSync(join(path, 'pages'))
  if (user) chownSync(join(path, 'pages'), user.uid, user.gid)
  for (const [name, text] of Object.entries(options.pages)) write(`pages/${name}`, text)
  for (const [name, text] of Object.entries(options.files ?? {})) write(name, text)
  const configuration = write('httpd.conf', ground(options, own, path))
  // Apache opens it by its name, and before that what it says goes to it as well.
  const logFile = write('error.log', '')
  const server = await startServer({
    command: program(),
    args: ['-f', configuration, '-DFOREGROUND'],
    logFile,
    user,
    exitSignal: 'SIGTERM',
    isReady: async () => {
      const probe = createHttpClient()
      await probe.get(`https://127.0.0.1:${options.port}/`).finally(() => probe.stop())
      return true
    },
  })
  return {
    async stop() {
      if (server.isRunning()) await server.end('SIGTERM')
      own.remove()
      options.folder.remove()
    },
  }
}

/** Whether this machine's mod_auth_openidc takes these settings: older ones do not know them all. */
export function apacheKnows(settings: string): boolean {
  const folder = temporaryFolder('apache-check')
  const file = join(folder.path, 'httpd.conf')
  const log = `ErrorLog ${folder.path}/error.log`
  writeFileSync(file, `${modules()}\nServerName localhost\n${log}\n${settings}`)
  const { status, stderr } = spawnSync(program(), ['-t', '-f', file], { encoding: 'utf8' })
  folder.remove()
  if (status !== 0 && !stderr.includes('Syntax error')) throw new Error(stderr)
  return status === 0
}

function ground(
  { port, settings }: ApacheOptions,
  certificate: { certificateFile: string; keyFile: string },
  path: string,
): string {
  return `${modules()}
ServerRoot ${path}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${path}/httpd.pid
DefaultRuntimeDir ${path}
ErrorLog ${path}/error.log
StartServers 1
DocumentRoot ${path}/pages
SSLEngine on
SSLCertificateFile ${certificate.certificateFile}
SSLCertificateKeyFile ${certificate.keyFile}
<Directory ${path}/pages>
  Options +Includes
  ForceType application/json
  SetOutputFilter INCLUDES
  DirectoryIndex index
  Require all granted
</Directory>
${settings}`
}

function modules(): string {
  return needed
    .map((name) => {
      const file = findApacheModule(`mod_${name}`)
      if (!file) throw new Error(`Apache's mod_${name} is not on this machine`)
      return `LoadModule ${name}_module ${file}`
    })
    .join('\n')
}

function program(): string {
  const path = findApache()
  if (!path) throw new Error('Apache is not on this machine')
  return path
}
