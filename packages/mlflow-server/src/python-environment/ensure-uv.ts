import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lockedRequirements } from '../locked-requirements.ts'
import { buildInPlace, environmentKey, exists } from './build-in-place.ts'
import type { Python } from './find-python.ts'
import { installError, installerEnv, runTool } from './run-tool.ts'

/** The Python that installs uv, and the cache folder. */
export interface EnsureUvOptions {
  readonly cache: string
  readonly base: Python
}

/** The folder of the uv that all environments share. */
export const uvFolder = (cache: string): string => join(cache, 'uv')

/**
 * Returns the path of uv, which is itself locked by hash; installs it with pip or a virtual environment, whichever
 * this Python has.
 */
export async function ensureUv({ cache, base }: EnsureUvOptions): Promise<string> {
  const folder = join(uvFolder(cache), environmentKey(await readFile(lockedRequirements.uv), base))
  const uv = join(folder, 'bin', 'uv')
  if (await exists(uv)) return uv

  await buildInPlace(folder, async ({ building, scratch }) => {
    const env = installerEnv(cache, scratch)
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--target',
      building,
      '--require-hashes',
      '--requirement',
      lockedRequirements.uv,
    ]
    const direct = await runTool(base.command, pip, env)
    if (direct.code === 0) return
    // Debian packages pip and ensurepip separately: a machine may have either.
    if (!/No module named '?pip/.test(direct.stderr)) throw installError('Fetching uv', direct)

    const bootstrap = join(scratch, 'venv')
    const made = await runTool(base.command, ['-m', 'venv', bootstrap], env)
    if (made.code !== 0) throw installError('Preparing to fetch uv', made)
    const fetched = await runTool(join(bootstrap, 'bin', 'python'), pip, env)
    if (fetched.code !== 0) throw installError('Fetching uv', fetched)
  })
  return uv
}
