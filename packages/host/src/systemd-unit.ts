/**
 * The value of a unit's directive. A list gives one line per entry; an entry that is itself a list gives a line of
 * words, quoted where systemd would interpret a part of them.
 */
type Setting = string | number | boolean | undefined | readonly (string | readonly string[])[]

/** The directives of one section; undefined ones are left out. */
export type Directives = Readonly<Record<string, Setting>>

/** The sections of a unit file, in systemd's own names. */
export type UnitSections = Readonly<
  Partial<Record<'Unit' | 'Service' | 'Timer' | 'Path' | 'Swap' | 'Install', Directives>>
>

/** A unit file, in the order of its data, with every special character in a value escaped. */
export function systemdUnit(sections: UnitSections): string {
  return Object.entries(sections)
    .map(([name, directives]) => `[${name}]\n${linesOf(directives)}`)
    .join('\n')
}

function linesOf(directives: Directives): string {
  return Object.entries(directives)
    .flatMap(([key, setting]) => valuesOf(key, setting).map((value) => `${key}=${value}\n`))
    .join('')
}

function valuesOf(key: string, setting: Setting): readonly string[] {
  if (setting === undefined) return []
  if (typeof setting === 'boolean') return [setting ? 'yes' : 'no']
  if (typeof setting === 'number') return [String(setting)]
  const entries = typeof setting === 'string' ? [setting] : setting
  return entries.map((entry) =>
    typeof entry === 'string' ? plain(key, entry) : entry.map((word) => quoted(key, word)).join(' '),
  )
}

function plain(key: string, text: string): string {
  if (text.includes('\n')) throw new Error(`${key} of a unit can not be more than one line.`)
  return text.replaceAll('%', '%%')
}

function quoted(key: string, word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('\n', '\\n')
  // Only in commands does a `$` start the name of a variable.
  const whole = key.startsWith('Exec') ? escaped.replaceAll('$', '$$$$') : escaped
  return /^[\w@%+=:,./-]+$/.test(word) ? whole : `"${whole}"`
}
