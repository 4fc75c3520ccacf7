import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildInPlace, ensureUv, findPython, lockedRequirements } from '@soen/mlflow-server'
import { CliError } from '../errors.ts'
import type { Architecture } from './architecture.ts'

const run = promisify(execFile)

const platforms: Readonly<Record<Architecture, string>> = {
  x64: 'x86_64-unknown-linux-gnu',
  arm64: 'aarch64-unknown-linux-gnu',
}

/** Programs that are installed as Python packages, each locked by hash in a file of its name. */
export type LockedProgram = 'uv' | 'caddy'

const labels: Readonly<Record<LockedProgram, string>> = {
  uv: 'uv, the installer of the machine,',
  caddy: 'Caddy, which the machine has no package of,',
}

/**
 * The path of a locked program for a machine; downloaded once, by this computer's own uv.
 *
 * @throws HostError of `ensureUv`; CliError `SOEN_REGISTRY_UNREACHABLE`
 */
export async function lockedProgram(
  name: LockedProgram,
  architecture: Architecture,
  cache: string,
): Promise<string> {
  const lock = createHash('sha256').update(await readFile(lockedRequirements[name]))
  const place = join(cache, 'carried', `${name}-${lock.digest('hex').slice(0, 16)}-${architecture}`)
  if (existsSync(place)) return place
  const base = await findPython()
  const uv = await ensureUv({ cache, base })
  const wanted = ['--python-platform', platforms[architecture], '--only-binary', ':all:', '--require-hashes']
  const from = ['--requirements', lockedRequirements[name], '--python', base.command]
  await buildInPlace(place, async ({ building, scratch }) => {
    try {
      await run(uv, ['pip', 'install', '--quiet', '--target', scratch, ...wanted, ...from])
      await rename(join(scratch, 'bin', name), building)
    } catch (cause) {
      throw new CliError(`${labels[name]} could not be fetched.`, {
        code: 'SOEN_REGISTRY_UNREACHABLE',
        hint: 'Check the network (or UV_INDEX_URL, if you use a mirror) and run the same command again.',
        cause,
      })
    }
  })
  return place
}
