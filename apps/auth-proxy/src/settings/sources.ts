import { readFileSync } from 'node:fs'
import leven from 'leven'
import { parse } from 'yaml'
import type { ErrorCode } from '../errors/error-codes.ts'
import { AuthProxyError } from '../errors/auth-proxy-error.ts'
import { fileVariable, settingKeys } from './setting-keys.ts'
import type { SettingKey, SettingName } from './setting-keys.ts'

/** A value as it was written, and where. */
export interface Written {
  readonly texts: readonly string[]
  /** For instance `--listen`, `SOEN_PROXY_LISTEN` or `door.yaml`; `default` where it was not set. */
  readonly from: string
}

/** The settings of one source. */
export type Source = ReadonlyMap<SettingName, Written>

/** Reads options as `parseArgs` returns them. */
export function fromFlags(values: Readonly<Record<string, unknown>>): Source {
  return collect((setting) => written(values[setting.flag], `--${setting.flag}`))
}

/** Reads the front door's environment variables; lists are split at commas. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Source {
  const known = [fileVariable, ...settingKeys.map(({ variable }) => variable)]
  for (const name of Object.keys(env)) {
    if (name.startsWith('SOEN_PROXY_') && !known.includes(name))
      throw unknownKey('the environment', name, known)
  }
  return collect(({ variable, kind }) => {
    const value = env[variable]
    if (value === undefined || value === '') return undefined
    const texts = kind === 'list' ? value.split(',').map((text) => text.trim()) : [value]
    return { texts: texts.filter((text) => text !== ''), from: variable }
  })
}

/** Reads a YAML file of settings by name. */
export function fromFile(path: string): Source {
  const content = parseFile(path)
  const known: readonly string[] = settingKeys.map(({ key }) => key)
  for (const name of Object.keys(content)) if (!known.includes(name)) throw unknownKey(path, name, known)
  return collect(({ key }) => written(content[key], path))
}

function parseFile(path: string): Readonly<Record<string, unknown>> {
  let content: unknown
  try {
    content = parse(read(path))
  } catch (cause) {
    if (cause instanceof AuthProxyError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw failure('SOEN_SETTINGS_SYNTAX', `${path}: ${reason}`, 'Mend the YAML at this place.', cause)
  }
  if (content === null) return {}
  if (typeof content === 'object' && !Array.isArray(content)) return { ...content }
  throw invalid(
    `${path} is no list of settings.`,
    'Write one setting per line, for instance listen: 127.0.0.1:5000.',
  )
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const hint = `Give --config or ${fileVariable} the path of a file that can be read.`
    throw failure('SOEN_SETTINGS_MISSING', `The settings file cannot be read: ${reason}`, hint, cause)
  }
}

function collect(find: (setting: SettingKey) => Written | undefined): Source {
  const found = new Map<SettingName, Written>()
  for (const setting of settingKeys) {
    const value = find(setting)
    if (value !== undefined) found.set(setting.key, value)
  }
  return found
}

function written(value: unknown, from: string): Written | undefined {
  if (value === undefined || value === null) return undefined
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return { from, texts: items.map((item) => textOf(item, from)) }
}

function textOf(item: unknown, from: string): string {
  if (typeof item === 'string') return item
  if (typeof item === 'number' || typeof item === 'boolean') return String(item)
  throw invalid(`${from}: expected a text, a number, or true or false; found ${JSON.stringify(item)}.`)
}

function unknownKey(where: string, name: string, known: readonly string[]): AuthProxyError {
  const [nearest] = known.toSorted((one, other) => leven(name, one) - leven(name, other))
  const isNear = nearest !== undefined && leven(name, nearest) <= Math.max(2, name.length / 3)
  const hint = isNear ? `Did you mean ${nearest}?` : `There are ${known.join(', ')}.`
  return failure('SOEN_SETTINGS_UNKNOWN_KEY', `There is no setting ${name}, which stands in ${where}.`, hint)
}

/** An error for an invalid setting. */
export function invalid(
  message: string,
  hint = 'serve --check shows every setting and where it comes from.',
): AuthProxyError {
  return failure('SOEN_SETTINGS_INVALID', message, hint)
}

function failure(code: ErrorCode, message: string, hint: string, cause?: unknown): AuthProxyError {
  return new AuthProxyError({ code, message, hint, cause })
}
