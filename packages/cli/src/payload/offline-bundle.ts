import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { buildInPlace } from '@soen/mlflow-server'
import { CliError } from '../errors.ts'
import { carriedFile, type CarriedFile } from './carried-file.ts'
import type { HashBook } from './hash-book.ts'

const run = promisify(execFile)

/** What a bundle may contain: Python packages, and packages of the distribution. */
const kinds = [
  ['wheels', '.whl'],
  ['packages', '.deb'],
] as const

/**
 * The files of a bundle, a tar archive with `wheels/*.whl` and `packages/*.deb`, for a machine without internet. It
 * is unpacked into the cache, once.
 *
 * @throws CliError `SOEN_OFFLINE_BUNDLE`
 */
export async function readOfflineBundle(
  path: string,
  { cache, hashes }: { readonly cache: string; readonly hashes: HashBook },
): Promise<readonly CarriedFile[]> {
  const folder = await unpacked(path, join(cache, 'offline-bundles'), hashes)
  const found: CarriedFile[] = []
  for (const [kind, suffix] of kinds) {
    const names = await readdir(join(folder, kind)).catch(() => [])
    for (const name of names.filter((it) => it.endsWith(suffix))) {
      found.push(await carriedFile(`${kind}/${name}`, join(folder, kind, name), hashes))
    }
  }
  if (found.length === 0) throw bad(`${path} holds neither wheels/*.whl nor packages/*.deb.`)
  return found
}

/** The folder with an archive's unpacked content. */
async function unpacked(path: string, home: string, hashes: HashBook): Promise<string> {
  const place = join(home, await keyOf(path, hashes))
  await removeUnused(home)
  if (!existsSync(place)) {
    await buildInPlace(place, async ({ building }) => {
      await mkdir(building)
      await run('tar', ['-xf', path, '-C', building]).catch((cause: unknown) => {
        throw bad(`${path} is not a tar archive that can be read.`, cause)
      })
    })
  }
  const now = new Date()
  await utimes(place, now, now)
  return place
}

async function keyOf(path: string, hashes: HashBook): Promise<string> {
  try {
    return (await hashes.hashOf(resolve(path))).sha256.slice(0, 16)
  } catch (cause) {
    throw bad(`${path} can not be read.`, cause)
  }
}

const keptMs = 14 * 24 * 60 * 60 * 1000

/** Deletes bundles that were not used for two weeks: each takes a quarter of a gigabyte. */
async function removeUnused(home: string): Promise<void> {
  for (const name of await readdir(home).catch(() => [])) {
    const path = join(home, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > keptMs) await rm(path, { recursive: true, force: true })
  }
}

function bad(message: string, cause?: unknown): CliError {
  return new CliError(message, {
    code: 'SOEN_OFFLINE_BUNDLE',
    hint: 'Pack it on a machine with internet: tar -cf bundle.tar wheels packages.',
    cause,
  })
}
