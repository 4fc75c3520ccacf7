import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { chooseTarget, ignoredKeysOf, loadSettings, type Settings, type Target } from '@soen/settings'
import { CliError } from '../errors.ts'

/** The options that choose a target. */
export interface WhichTarget {
  /** `--target` */
  readonly target?: string
  /** `--settings`, else `SOEN_SETTINGS` */
  readonly settings?: string
}

/** A target of the settings file. */
export interface FoundTarget {
  readonly name: string
  readonly target: Target
  /** The keys without effect that the file sets for it or the team. */
  readonly ignoredKeys: readonly string[]
}

const fileName = 'soen.yaml'

/** The settings file: the named one, else the nearest `soen.yaml` at or above this folder. */
export function findSettings(named: string | undefined, from: string = process.cwd()): string | undefined {
  if (named !== undefined) return resolve(from, named)
  const candidate = join(from, fileName)
  if (existsSync(candidate)) return candidate
  return dirname(from) === from ? undefined : findSettings(undefined, dirname(from))
}

/** The parsed settings file; undefined where there is none and no target was named. */
export async function readSettings({ target, settings }: WhichTarget): Promise<Settings | undefined> {
  const path = findSettings(settings)
  if (path !== undefined) return loadSettings(path)
  if (target === undefined) return undefined
  throw noSettings()
}

/** The chosen target; undefined where there is no settings file and none was named. */
export async function findTarget(which: WhichTarget): Promise<FoundTarget | undefined> {
  const settings = await readSettings(which)
  if (settings === undefined) return undefined
  const chosen = chooseTarget(settings, which.target)
  return { ...chosen, ignoredKeys: ignoredKeysOf(settings, chosen.name) }
}

/** The error where a settings file is needed. */
export function noSettings(): CliError {
  return new CliError('There is no soen.yaml here or in a folder above.', {
    code: 'SOEN_NO_SETTINGS',
    hint: 'Make one: soen init. Or name one: --settings FILE.',
  })
}
