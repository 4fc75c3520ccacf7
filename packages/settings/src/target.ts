import { closest } from './closest.ts'
import { SettingsError } from './errors.ts'
import type { Settings, Target } from './settings.ts'

/**
 * Picks one target. Without a name there must be exactly one: no command guesses which server was meant.
 * @throws {@link SettingsError} with code `SOEN_SETTINGS_TARGET_UNKNOWN`.
 */
export function chooseTarget(
  settings: Settings,
  name?: string,
): { readonly name: string; readonly target: Target } {
  const entries = Object.entries(settings.targets)
  const names = entries.map(([entryName]) => entryName)
  const [only, ...others] = name === undefined ? entries : entries.filter(([entryName]) => entryName === name)
  if (only !== undefined && others.length === 0) return { name: only[0], target: only[1] }

  const meant = name === undefined ? undefined : closest(name, names)
  throw new SettingsError([
    {
      code: 'SOEN_SETTINGS_TARGET_UNKNOWN',
      message:
        name === undefined
          ? `There are ${names.length} targets and none was named`
          : `There is no target \`${name}\``,
      hint: meant === undefined ? `Name one of: ${names.join(', ')}.` : `Did you mean \`${meant}\`?`,
    },
  ])
}
