import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../folders.ts'
import { buildInPlace, environmentKey, exists, removeAbandoned, type BuildingSite } from './build-in-place.ts'
import { ensureUv, uvFolder } from './ensure-uv.ts'
import { findPython } from './find-python.ts'
import { installError, installerEnv, runTool } from './run-tool.ts'

/** A Python environment with the packages of a hash-locked requirements file. */
export interface PythonEnvironment {
  /** The environment's own Python. */
  readonly python: string
  readonly folder: string
  /** Whether it existed already. */
  readonly isCached: boolean
}

/** Runs a long step under a description that is shown to people. */
export type Step = <T>(what: string, work: () => Promise<T>) => Promise<T>

/** Runs a step without showing anything. */
export const silently: Step = (_what, work) => work()

/** Which environment, and where it is stored. */
export interface EnsureEnvironmentOptions {
  /** The folder below the cache, for instance `mlflow`. */
  readonly name: string
  /** Its name for people, for instance `MLflow 3.17.2`. */
  readonly label: string
  /** Path of the hash-locked requirements. */
  readonly requirements: string
  readonly cache?: string | undefined
  /** Wraps each long step, so that a caller can show progress. */
  readonly step?: Step | undefined
}

/**
 * Returns an environment in the user's cache, building it the first time.
 *
 * It is built beside its place and moved there when it is complete, so that an interrupted installation never counts
 * as one, and two at once do not disturb each other. Leftovers of an interrupted one are removed.
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
  // A killed installer also leaves half-unpacked packages in its cache: hundreds of megabytes.
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
