import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { chooseTarget, ignoredKeysOf, loadSettings, type SshTarget, type Target } from '@soen/settings'
import { CliError } from '../errors.ts'

/** How a server is named on the command line. */
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
  /** What the file says of it or of the team, and nothing acts on. */
  readonly ignoredKeys: readonly string[]
}

/** A target that is a machine reached by SSH. */
export interface FoundSshTarget extends FoundTarget {
  readonly target: SshTarget
}

const fileName = 'soen.yaml'

/** The settings file that is meant: the named one, else the nearest `soen.yaml` at or above this folder. */
export function findSettings(named: string | undefined, from: string = process.cwd()): string | undefined {
  if (named !== undefined) return resolve(from, named)
  const candidate = join(from, fileName)
  if (existsSync(candidate)) return candidate
  return dirname(from) === from ? undefined : findSettings(undefined, dirname(from))
}

/** The target that is meant; nothing where there is no settings file and none was named. */
export async function findTarget({ target, settings }: WhichTarget): Promise<FoundTarget | undefined> {
  const path = findSettings(settings)
  if (path === undefined) {
    if (target === undefined) return undefined
    throw noSettings()
  }
  const found = await loadSettings(path)
  const chosen = chooseTarget(found, target)
  return { ...chosen, ignoredKeys: ignoredKeysOf(found, chosen.name) }
}

/**
 * The machine that is meant.
 *
 * @throws CliError `SOEN_NO_SETTINGS` or `SOEN_TARGET_NOT_SSH`; SettingsError for a file that can't be used
 */
export async function findSshTarget(which: WhichTarget): Promise<FoundSshTarget> {
  const found = await findTarget(which)
  if (found === undefined) throw noSettings()
  const { name, target } = found
  if (target.where === 'ssh') return { ...found, target }
  throw new CliError(`The target ${name} is no machine that SSH reaches (where: ${target.where}).`, {
    code: 'SOEN_TARGET_NOT_SSH',
    hint:
      target.where === 'local'
        ? 'The platform on this computer is run by soen up, which takes options and nothing of soen.yaml yet.'
        : 'Name a target with `where: ssh`: --target NAME.',
  })
}

/**
 * The machine that a verb is about which the local platform has too; nothing where the local one is meant: by
 * `--home`, by a target of that kind, or for want of a soen.yaml.
 */
export async function findServer(
  which: WhichTarget & { readonly home?: string },
): Promise<FoundSshTarget | undefined> {
  if (which.home !== undefined && which.target === undefined) return undefined
  const found = await findTarget(which)
  return found === undefined || found.target.where === 'local' ? undefined : findSshTarget(which)
}

function noSettings(): CliError {
  return new CliError('There is no soen.yaml here or in a folder above.', {
    code: 'SOEN_NO_SETTINGS',
    hint: 'Make one: soen init. Or name one: --settings FILE.',
  })
}
