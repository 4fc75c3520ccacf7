import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ensureUv, findPython, lockedRequirements } from '@soen/host'
import { CliError } from '../errors.ts'
import type { Architecture } from './architecture.ts'

const run = promisify(execFile)

const platforms: Readonly<Record<Architecture, string>> = {
  x64: 'x86_64-unknown-linux-gnu',
  arm64: 'aarch64-unknown-linux-gnu',
}

/**
 * The path of the locked uv for a machine, fetched once by this computer's own uv.
 *
 * @throws HostError of `ensureUv`; CliError `SOEN_REGISTRY_UNREACHABLE`
 */
export async function uvProgram(architecture: Architecture, cache: string): Promise<string> {
  const lock = createHash('sha256').update(await readFile(lockedRequirements.uv))
  const place = join(cache, 'carried', `uv-${lock.digest('hex').slice(0, 16)}-${architecture}`)
  if (existsSync(place)) return place
  const base = await findPython()
  const uv = await ensureUv({ cache, base })
  await mkdir(join(cache, 'carried'), { recursive: true })
  const folder = await mkdtemp(join(cache, 'carried', 'uv-'))
  const wanted = ['--python-platform', platforms[architecture], '--only-binary', ':all:', '--require-hashes']
  const from = ['--requirements', lockedRequirements.uv, '--python', base.command]
  try {
    await run(uv, ['pip', 'install', '--quiet', '--target', folder, ...wanted, ...from])
    await rename(join(folder, 'bin', 'uv'), place)
  } catch (cause) {
    throw new CliError('uv, the installer of the machine, could not be fetched.', {
      code: 'SOEN_REGISTRY_UNREACHABLE',
      hint: 'Check the network (or UV_INDEX_URL, if you use a mirror) and run the same command again.',
      cause,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return place
}
