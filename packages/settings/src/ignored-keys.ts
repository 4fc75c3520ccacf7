import type { Settings } from './settings.ts'

/** A key that a file may have and that is checked, while nothing acts on it. */
export interface IgnoredKey {
  /** Dotted, with `NAME` in the place of a target's name; a group stands for all in it. */
  readonly path: string
}

/** Every such key: soen.example.yaml says it of each, `soen plan` and `soen deploy` warn of those that are set. */
export const ignoredKeys: readonly IgnoredKey[] = [
  { path: 'team' },
  { path: 'targets.NAME.backup' },
  { path: 'targets.NAME.alarms' },
  { path: 'targets.NAME.budget' },
]

/** What a file says about the team and one target, and nothing acts on: `team`, `targets.lab.backup`. */
export function ignoredKeysOf(settings: Settings, name: string): readonly string[] {
  return ignoredKeys
    .map(({ path }) => path.replace('NAME', name))
    .filter((path) => isSet(path.split('.').reduce<unknown>((value, key) => Object(value)[key], settings)))
}

// A group that is left out is an empty one.
function isSet(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== '{}'
}
