import { chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNginx } from '../../scripts/services.mjs'
import { createHttpClient } from './http-client.ts'
import { startServer, temporaryFolder, unprivilegedUser } from './server-process.ts'

export type Nginx = {
  /** What it wrote to `access.log` in its folder. */
  accessLog(): string
  stop(): Promise<void>
}

export type NginxFolder = ReturnType<typeof temporaryFolder>

const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

/** A folder that nginx may write to, for the paths in the settings it is started with. */
export function nginxFolder(): NginxFolder {
  return temporaryFolder('nginx', unprivilegedUser())
}

/**
 * A real nginx with these settings in its `http` block.
 * @param url an address that it answers once it has started, in whatever way.
 */
export async function startNginx(
  settings: string,
  url: string,
  folder: NginxFolder,
): Promise<Nginx> {
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
