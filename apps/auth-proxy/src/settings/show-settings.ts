import type { Writable } from 'node:stream'
import { writeTable } from './table.ts'
import type { EffectiveSettings, ProxySettings } from './read-settings.ts'
import { settingKeys } from './setting-keys.ts'

/** Prints every setting with its value and source. None of them is a secret: settings refuse those. */
export function showSettings(
  { settings, written }: EffectiveSettings,
  stdout: Writable,
  asJson: boolean,
): void {
  const rows = settingKeys.map(({ key, isLive }) => ({
    setting: key,
    value: key === 'listen' ? textOf(settings.listen) : (settings[key] ?? null),
    from: written.get(key)?.from ?? 'default',
    isLive,
  }))
  if (asJson) {
    stdout.write(`${JSON.stringify(rows)}\n`)
    return
  }
  writeTable(
    stdout,
    ['SETTING', 'VALUE', 'FROM', 'AT A RELOAD'],
    rows.map((row) => [row.setting, textOf(row.value), row.from, row.isLive ? 'changes' : 'needs a restart']),
  )
}

function textOf(value: ProxySettings[keyof ProxySettings] | null): string {
  if (value === null || value === undefined) return '-'
  if (typeof value !== 'object') return String(value)
  if ('path' in value) return `unix:${value.path}`
  if ('host' in value) return `${value.host}:${value.port}`
  return value.length === 0 ? '-' : value.join(', ')
}
