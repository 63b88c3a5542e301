/**
 * The programs that the tests and the benchmark start: where they are, and how a Debian machine gets
 * them. Plain JavaScript for Node 18, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { outputOf, runToEnd } from './run-to-end.mjs'

const postgresVersions = '/usr/lib/postgresql'
const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const apacheModuleFolders = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules']
const policyFile = '/usr/sbin/policy-rc.d'
const clusterFile = '/etc/postgresql-common/createcluster.conf'

/**
 * The path of an executable, or undefined. Names are tried in order, each first in `folders`, then
 * on PATH.
 */
export function findProgram(names, folders = []) {
  const places = [...folders, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  for (const name of [names].flat()) {
    for (const place of places) {
      const path = join(place, name)
      if (place !== '' && isExecutable(path)) return path
    }
  }
  return undefined
}

/** Debian keeps `initdb` and `postgres` out of PATH, in a folder per version; the newest one wins. */
export function findPostgres(name) {
  const versions = existsSync(postgresVersions) ? readdirSync(postgresVersions) : []
  const folders = versions
    .filter((version) => /^\d+$/.test(version))
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => join(postgresVersions, version, 'bin'))
  return findProgram(name, folders)
}

export function findRedis(name) {
  return findProgram(name)
}

export function findChromium() {
  return findProgram(chromiumNames)
}

/** Chromium without all that is around a page: it draws the same in half the processor time. */
export function findChromiumShell() {
  return findProgram('chromium-headless-shell')
}

export function findFirefox() {
  return findProgram(['firefox-esr', 'firefox'])
}

export function findWebKitDriver() {
  return findProgram('WebKitWebDriver')
}

/** The small browser that WebKitGTK brings; Debian keeps it in a folder per architecture and version. */
export function findMiniBrowser() {
  const architectures = existsSync('/usr/lib') ? readdirSync('/usr/lib') : []
  const folders = architectures
    .filter((name) => name.includes('-linux-gnu'))
    .flatMap((name) =>
      ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map((version) =>
        join('/usr/lib', name, version),
      ),
    )
  return findProgram('MiniBrowser', folders)
}

export function findXvfb() {
  return findProgram('Xvfb')
}

export function findNginx() {
  return findProgram('nginx')
}

export function findApache() {
  return findProgram(['apache2', 'httpd'])
}

/** The file of one of Apache's modules, for example `mod_auth_openidc`, or undefined. */
export function findApacheModule(name) {
  return apacheModuleFolders
    .map((folder) => join(folder, `${name}.so`))
    .find((path) => existsSync(path))
}

export function findSpin() {
  return findProgram('spin')
}

/** The compiler that turns what Spin writes into a program. */
export function findGcc() {
  return findProgram('gcc')
}

/** The Debian packages that would supply what is not on this machine. */
export function missingPackages() {
  const present = {
    postgresql: ['initdb', 'postgres', 'pg_ctl'].every(findPostgres),
    'redis-server': ['redis-server', 'redis-cli'].every(findRedis),
    chromium: findChromium() !== undefined,
    'chromium-headless-shell': findChromiumShell() !== undefined,
    'firefox-esr': findFirefox() !== undefined,
    'webkit2gtk-driver': findWebKitDriver() !== undefined && findMiniBrowser() !== undefined,
    // The screen that WebKit needs.
    xvfb: findXvfb() !== undefined,
    nginx: findNginx() !== undefined,
    // For the examples of docs/integrate.md.
    python3: canRun('python3', '-c', 'import http.server, urllib.request'),
    perl: canRun('perl', '-MDigest::SHA', '-MHTTP::Tiny', '-MJSON::PP', '-e', '1'),
    // For the certificates of servers on loopback.
    openssl: findProgram('openssl') !== undefined,
    // The program without the service that the package `apache2` adds.
    'apache2-bin': findApache() !== undefined,
    'libapache2-mod-auth-openidc': findApacheModule('mod_auth_openidc') !== undefined,
    // For the model of the machines; the compiler does not bring the headers of C.
    spin: findSpin() !== undefined,
    gcc: findGcc() !== undefined,
    'libc6-dev': existsSync('/usr/include/stdio.h'),
  }
  return Object.keys(present).filter((name) => !present[name])
}

/**
 * Installs what is missing from the Debian archive; does nothing when all is there.
 * @throws Error with the words to show when this machine cannot do it.
 */
export async function ensureServices() {
  const packages = missingPackages()
  if (packages.length === 0) return
  const names = packages.join(', ')
  if (!findProgram('apt-get')) {
    throw new Error(`The tests start ${names}: install them and make sure they are on PATH.`)
  }
  const isRoot = process.getuid?.() === 0
  const sudo = isRoot ? undefined : findProgram('sudo')
  if (!isRoot && !sudo) {
    throw new Error(`The tests start ${names}. As root: apt-get install ${packages.join(' ')}`)
  }
  console.error(`Installing ${names} ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const asRoot = (command, args) =>
    isRoot
      ? runToEnd(command, args, { env })
      : runToEnd(sudo, ['DEBIAN_FRONTEND=noninteractive', command, ...args], { ownGroup: false })
  await installQuietly(packages, asRoot)
  const stillMissing = missingPackages()
  if (stillMissing.length > 0) throw new Error(`Still missing: ${stillMissing.join(', ')}`)
}

/**
 * The programs are wanted, not the system services: `policy-rc.d` (Debian's own switch) keeps them
 * from being started and is taken away again; PostgreSQL is told not to create its default cluster,
 * which stays told, since a later upgrade of the package would ask again.
 */
async function installQuietly(packages, asRoot) {
  const ours = [
    [policyFile, '#!/bin/sh\nexit 101\n', '755'],
    [clusterFile, 'create_main_cluster = false\n', '644'],
  ].filter(([path]) => !existsSync(path))
  try {
    for (const [path, text, mode] of ours) await writeAsRoot(path, text, mode, asRoot)
    // A failing update is not the end: the lists on the machine may be good enough.
    await asRoot('apt-get', ['update'])
    const result = await asRoot('apt-get', [
      'install',
      '-y',
      '--no-install-recommends',
      '-o',
      'Dpkg::Options::=--force-confold',
      ...packages,
    ])
    if (result.status !== 0) {
      throw new Error(`apt-get could not install ${packages.join(', ')}:\n${outputOf(result)}`)
    }
  } finally {
    if (ours.some(([path]) => path === policyFile)) await asRoot('rm', ['-f', policyFile])
  }
}

async function writeAsRoot(path, text, mode, asRoot) {
  const folder = mkdtempSync(join(tmpdir(), 'cso-install-'))
  try {
    const draft = join(folder, 'draft')
    writeFileSync(draft, text)
    const result = await asRoot('install', ['-D', '-m', mode, draft, path])
    if (result.status !== 0) throw new Error(`Cannot write ${path}:\n${outputOf(result)}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `python3-minimal` and `perl-base` have the program without the modules that belong to it. */
function canRun(name, ...args) {
  const program = findProgram(name)
  return program !== undefined && spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
