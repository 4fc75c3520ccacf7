import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { buildInPlace } from '@soen/mlflow-server'
import { CliError } from '../errors.ts'
import type { Architecture } from './architecture.ts'

const run = promisify(execFile)

interface LockedPackage {
  /** In npm's notation. */
  readonly package: string
  /** As in the registry and in lock files: `sha512-` and Base64. */
  readonly integrity: string
}

const locksFile = new URL('../../delivery/node-runtime.json', import.meta.url)

/**
 * The path of the locked Node for a machine; downloaded once by the user's own npm, so that its registry and mirror
 * settings apply.
 *
 * @throws CliError `SOEN_REGISTRY_UNREACHABLE` or `SOEN_PACKAGE_HASH_MISMATCH`
 */
export async function nodeRuntime(architecture: Architecture, cache: string): Promise<string> {
  const locks: Readonly<Record<Architecture, LockedPackage>> = JSON.parse(await readFile(locksFile, 'utf8'))
  const lock = locks[architecture]
  const place = join(cache, 'carried', lock.package)
  if (existsSync(place)) return place
  await buildInPlace(place, async ({ building, scratch }) => {
    const archive = await fetchPackage(lock, scratch)
    await writeFile(building, await unpack(archive, 'package/bin/node'), { mode: 0o755 })
  })
  return place
}

async function fetchPackage({ package: name, integrity }: LockedPackage, folder: string): Promise<string> {
  let stdout: string
  try {
    ;({ stdout } = await run('npm', ['pack', name, '--json', '--pack-destination', folder], { cwd: folder }))
  } catch (cause) {
    throw new CliError(`npm could not fetch ${name}, the runtime that the machine needs.`, {
      code: 'SOEN_REGISTRY_UNREACHABLE',
      hint: 'Check the network and the registry of your npm, then run the same command again.',
      cause,
    })
  }
  const archive = join(folder, String(Object(JSON.parse(stdout)[0]).filename))
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  if (`sha512-${hash.digest('base64')}` === integrity) return archive
  throw new CliError(`${name} is not the package that was locked.`, {
    code: 'SOEN_PACKAGE_HASH_MISMATCH',
    hint: 'Ask who runs your package mirror: the file differs from the published one. Nothing was carried.',
  })
}

async function unpack(archive: string, member: string): Promise<Buffer> {
  const { stdout } = await run('tar', ['-xzOf', archive, member], { encoding: 'buffer', maxBuffer: 1 << 29 })
  return stdout
}
