import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { payloadPaths, type Payload, type PayloadFile } from '@soen/host'
import {
  cacheFolder,
  ensureEnvironment,
  ensureUv,
  findPython,
  lockedRequirements,
  mlflowDatabase,
  mlflowProgram,
} from '@soen/mlflow-server'
import { buildOnce } from './build-once.ts'
import { temporaryFolder } from './folder.ts'
import { packProgram } from './pack-program.ts'
import { downloadedPackages, type Suite } from './systemd-host/base-image.ts'

const run = promisify(execFile)
const requirements = lockedRequirements.mlflow
const authProxy = fileURLToPath(new URL('../../../apps/auth-proxy/src/main.ts', import.meta.url))

/** The Python version of each Debian release. */
const pythons: Readonly<Record<Suite, string>> = { bookworm: '3.11', trixie: '3.13' }

/** The files carried to a server, in a folder laid out like the machine's store. */
export interface ServerPayload extends Disposable {
  readonly payload: Payload
  readonly store: string
}

/**
 * Collects everything that a host without network needs: this Node, uv, the packed auth-proxy, the wheels and, if
 * wanted, the distribution's packages.
 */
export async function makeServerPayload(suite: Suite, hasPackages: boolean): Promise<ServerPayload> {
  const folder = temporaryFolder('payload')
  const store = join(folder.path, 'store')
  await mkdir(store)
  const packed = join(folder.path, 'auth-proxy.mjs')
  await packProgram(authProxy, packed)
  const uv = await installer()
  const caddy = await ensureEnvironment({
    name: 'caddy',
    label: 'Caddy',
    requirements: lockedRequirements.caddy,
  })
  const wheels = await ensureWheels(suite)
  const sources = [
    { path: payloadPaths.node, from: process.execPath },
    { path: payloadPaths.uv, from: uv },
    { path: payloadPaths.authProxy, from: packed },
    { path: payloadPaths.caddy, from: join(caddy.folder, 'bin', 'caddy') },
    { path: payloadPaths.requirements, from: requirements },
    { path: payloadPaths.mlflowProgram, from: mlflowProgram },
    { path: payloadPaths.mlflowDatabase, from: mlflowDatabase },
    ...(await filesOf(wheels, 'wheels')),
    ...(hasPackages ? await filesOf(await downloadedPackages(suite), 'packages') : []),
  ]
  const files: PayloadFile[] = []
  for (const { path, from } of sources) {
    const sha256 = createHash('sha256')
      .update(await readFile(from))
      .digest('hex')
    await copyFile(from, join(store, sha256))
    files.push({ path, sha256 })
  }
  return { payload: { files }, store, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

async function filesOf(folder: string, path: string): Promise<{ path: string; from: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(whl|deb)$/.test(entry.name))
    .map(({ name }) => ({ path: `${path}/${name}`, from: join(folder, name) }))
}

/** The uv of this computer. */
async function installer(): Promise<string> {
  return ensureUv({ cache: cacheFolder(), base: await findPython() })
}

/** The folder with MLflow's locked wheels for a release's Python, downloaded the first time. */
export async function ensureWheels(suite: Suite): Promise<string> {
  const key = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16)
  const wheels = join(cacheFolder(), 'testbed', `wheels-${suite}-${key}`)
  await buildOnce(wheels, (building) => download(suite, building))
  return wheels
}

async function download(suite: Suite, folder: string): Promise<void> {
  const { python } = await ensureEnvironment({
    name: 'pip',
    label: 'pip',
    requirements: fileURLToPath(new URL('../pip-requirements.txt', import.meta.url)),
  })
  const version = pythons[suite]
  // Every C library version up to Debian 12's.
  const platforms = [36, 35, 34, 31, 28, 27, 26, 24, 17, 12, 5].map((minor) => `manylinux_2_${minor}_x86_64`)
  const chosen = `${folder}.txt`
  try {
    // The lock covers every Python; pip would select packages for the one it runs with.
    await run(await installer(), [
      'pip',
      'compile',
      '--quiet',
      '--no-deps',
      '--generate-hashes',
      '--python-version',
      version,
      '--python-platform',
      'x86_64-manylinux_2_36',
      '--output-file',
      chosen,
      requirements,
    ])
    await run(python, [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--require-hashes',
      '--only-binary=:all:',
      '--requirement',
      chosen,
      '--dest',
      folder,
      '--python-version',
      version,
      '--implementation',
      'cp',
      ...[`cp${version.replace('.', '')}`, 'abi3', 'none'].flatMap((abi) => ['--abi', abi]),
      ...[...platforms, 'manylinux2014_x86_64', 'manylinux1_x86_64', 'any'].flatMap((it) => [
        '--platform',
        it,
      ]),
    ])
  } finally {
    await rm(chosen, { force: true })
  }
}
