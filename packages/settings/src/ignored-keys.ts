import type { Settings } from './settings.ts'

/** A key that is valid and checked, but has no effect yet. */
export interface IgnoredKey {
  /** Dotted, with `NAME` in place of a target's name; a group stands for everything in it. */
  readonly path: string
}

/**
 * Every such key: soen.example.yaml says so for each, and `soen plan` and `soen deploy` warn of those that are set.
 */
export const ignoredKeys: readonly IgnoredKey[] = [
  { path: 'team' },
  { path: 'targets.NAME.backup' },
  { path: 'targets.NAME.alarms' },
  { path: 'targets.NAME.budget' },
]

/** The keys without effect that a file sets for the team and one target: `team`, `targets.lab.backup`. */
export function ignoredKeysOf(settings: Settings, name: string): readonly string[] {
  return ignoredKeys
    .map(({ path }) => path.replace('NAME', name))
    .filter((path) => isSet(path.split('.').reduce<unknown>((value, key) => Object(value)[key], settings)))
}

// An omitted group is parsed as an empty one.
function isSet(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== '{}'
}
