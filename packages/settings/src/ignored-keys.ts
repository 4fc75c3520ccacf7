import type { Settings, Target } from './settings.ts'

/** A key that a file may have and that is checked, while nothing acts on it. */
export interface IgnoredKey {
  /** Dotted, with `NAME` in the place of a target's name; a group stands for all in it. */
  readonly path: string
  /** The one kind of target where it is so; all that have the key by default. */
  readonly where?: Target['where']
}

/** Every such key: soen.example.yaml says it of each, `soen plan` and `soen deploy` warn of those that are set. */
export const ignoredKeys: readonly IgnoredKey[] = [
  { path: 'team' },
  { path: 'targets.NAME.backup' },
  { path: 'targets.NAME.alarms' },
  { path: 'targets.NAME.budget' },
  // `soen up` takes options instead.
  { path: 'targets.NAME.port', where: 'local' },
  { path: 'targets.NAME.database', where: 'local' },
  { path: 'targets.NAME.artifacts', where: 'local' },
]

/**
 * The sentence about a key that only one of its kinds of target ignores; empty for any other. A key that all ignore
 * says so in the annotated example.
 *
 * @param kinds the kinds of target that the reader has before them
 */
export function ignoredRemark(path: string, kinds: readonly Target['where'][]): string {
  const where = ignoredKeys.find((key) => key.path === path)?.where
  if (where === undefined || !kinds.includes(where)) return ''
  return ` Nothing acts on it with \`where: ${where}\` yet.`
}

/** What a file says about the team and one target, and nothing acts on: `team`, `targets.lab.backup`. */
export function ignoredKeysOf(settings: Settings, name: string): readonly string[] {
  const kind = settings.targets[name]?.where
  return ignoredKeys
    .filter(({ where }) => where === undefined || where === kind)
    .map(({ path }) => path.replace('NAME', name))
    .filter((path) => isSet(path.split('.').reduce<unknown>((value, key) => Object(value)[key], settings)))
}

// A group that is left out is an empty one.
function isSet(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value) !== '{}'
}
