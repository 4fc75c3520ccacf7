import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../folders.ts'
import { buildInPlace, environmentKey, exists, removeAbandoned, type BuildingSite } from './build-in-place.ts'
import { ensureUv, uvFolder } from './ensure-uv.ts'
import { findPython } from './find-python.ts'
import { installError, installerEnv, runTool } from './run-tool.ts'

/** A Python environment that holds what one hash-locked requirements file names. */
export interface PythonEnvironment {
  /** The environment's own Python. */
  readonly python: string
  readonly folder: string
  /** Whether it was there already. */
  readonly isCached: boolean
}

/** Runs a long piece of work under the name that a person reads. */
export type Step = <T>(what: string, work: () => Promise<T>) => Promise<T>

/** Runs it without showing anything. */
export const silently: Step = (_what, work) => work()

/** Which environment, and where it is kept. */
export interface EnsureEnvironmentOptions {
  /** The folder below the cache, for instance `mlflow`. */
  readonly name: string
  /** How a person calls it, for instance `MLflow 3.17.2`. */
  readonly label: string
  /** Path of the hash-locked requirements. */
  readonly requirements: string
  readonly cache?: string | undefined
  /** Runs each long step, so that a caller can show it. */
  readonly step?: Step | undefined
}

/**
 * Makes an environment in the user's cache, or finds the one made earlier.
 *
 * It is built beside its place and moved there when it is whole, so that an interrupted installation is
 * never taken for one, and two at once do not disturb each other. What an interrupted one left is removed.
 *
 * @throws MlflowServerError `SOEN_PYTHON_MISSING`, `SOEN_REGISTRY_UNREACHABLE`, `SOEN_DISK_FULL` and others
 */
export async function ensureEnvironment(options: EnsureEnvironmentOptions): Promise<PythonEnvironment> {
  const { name, label, requirements, cache = cacheFolder(), step = silently } = options
  const base = await findPython()
  const folder = join(cache, name, environmentKey(await readFile(requirements), base))
  const python = join(folder, 'bin', 'python')
  const wereLeft = await Promise.all([removeAbandoned(join(cache, name)), removeAbandoned(uvFolder(cache))])
  if (await exists(python)) return { python, folder, isCached: true }

  const uv = await step('Fetching uv, the installer', () => ensureUv({ cache, base }))
  await step(`Installing ${label} for Python ${base.version}`, () => buildInPlace(folder, install))
  // An installer that was killed leaves half-unpacked packages in its cache, too: hundreds of megabytes.
  if (wereLeft.includes(true)) await runTool(uv, ['cache', 'prune', '--quiet'], installerEnv(cache))
  return { python, folder, isCached: false }

  async function install({ building, scratch }: BuildingSite): Promise<void> {
    const commands = [
      ['venv', '--quiet', '--relocatable', '--python', base.command, building],
      [
        'pip',
        'install',
        '--quiet',
        '--python',
        join(building, 'bin', 'python'),
        '--require-hashes',
        '--requirements',
        requirements,
      ],
    ]
    for (const args of commands) {
      const result = await runTool(uv, args, installerEnv(cache, scratch))
      if (result.code !== 0) throw installError(`Installing ${label}`, result)
    }
  }
}
