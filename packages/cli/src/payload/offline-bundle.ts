import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CliError } from '../errors.ts'
import { carriedFile, type CarriedFile } from './carried-file.ts'

const run = promisify(execFile)

/** What a bundle may hold: Python packages, and packages of the distribution. */
const kinds = [
  ['wheels', '.whl'],
  ['packages', '.deb'],
] as const

/**
 * The files of a bundle, a tar archive with `wheels/*.whl` and `packages/*.deb`, for a machine without internet;
 * it is unpacked in the folder.
 *
 * @throws CliError `SOEN_OFFLINE_BUNDLE`
 */
export async function readOfflineBundle(path: string, folder: string): Promise<readonly CarriedFile[]> {
  try {
    await run('tar', ['-xf', path, '-C', folder])
  } catch (cause) {
    throw bad(`${path} is not a tar archive that can be read.`, cause)
  }
  const found: CarriedFile[] = []
  for (const [kind, suffix] of kinds) {
    const names = await readdir(join(folder, kind)).catch(() => [])
    for (const name of names.filter((it) => it.endsWith(suffix))) {
      found.push(await carriedFile(`${kind}/${name}`, join(folder, kind, name)))
    }
  }
  if (found.length === 0) throw bad(`${path} holds neither wheels/*.whl nor packages/*.deb.`)
  return found
}

function bad(message: string, cause?: unknown): CliError {
  return new CliError(message, {
    code: 'SOEN_OFFLINE_BUNDLE',
    hint: 'Pack it on a machine with internet: tar -cf bundle.tar wheels packages.',
    cause,
  })
}
