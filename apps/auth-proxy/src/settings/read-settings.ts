import { auditFolder, parseKeepDays } from '../audit/audit-settings.ts'
import { parseAllowedHost } from '../http/host.ts'
import { AuthProxyError, UsageError } from '../errors/auth-proxy-error.ts'
import { checkUpstreamAddress } from '../forward/upstream.ts'
import { parseListenAddress } from '../http/listen-address.ts'
import type { ListenAddress } from '../http/listen-address.ts'
import { logLevels } from '../log/log.ts'
import type { LogLevel } from '../log/log.ts'
import { features } from '../routes/rule.ts'
import type { Feature } from '../routes/rule.ts'
import { checkStateAddress } from '../store/open-store.ts'
import { fileVariable, settingKeys } from './setting-keys.ts'
import type { SettingName } from './setting-keys.ts'
import { fromEnvironment, fromFile, fromFlags, invalid } from './sources.ts'
import type { Written } from './sources.ts'

/** All settings of the front door, parsed and checked. */
export interface ProxySettings {
  readonly listen: ListenAddress
  readonly upstream: string
  readonly state: string
  readonly allowedHosts: readonly string[]
  readonly features: readonly Feature[]
  /** The team's name on our pages, at most 60 characters. */
  readonly teamName: string | undefined
  readonly behindTlsProxy: boolean
  readonly setupSecretFile: string | undefined
  readonly auditFolder: string | undefined
  readonly auditDays: number
  readonly auditSignatures: string | undefined
  readonly logLevel: LogLevel
  readonly drainSeconds: number
}

/** The settings, and for each its text and its source. */
export interface EffectiveSettings {
  readonly settings: ProxySettings
  readonly written: ReadonlyMap<SettingName, Written>
}

/** Where settings are read from. */
export interface SettingSources {
  /** Options as `parseArgs` returns them, with `config` for the file. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
}

const defaults: ReadonlyMap<SettingName, Written> = new Map(
  Object.entries({ behindTlsProxy: 'false', auditDays: '400', logLevel: 'info', drainSeconds: '10' }).flatMap(
    ([name, text]) =>
      settingKeys
        .filter(({ key }) => key === name)
        .map(({ key }): [SettingName, Written] => [key, { texts: [text], from: 'default' }]),
  ),
)

/** Reads all sources: the command line overrides the environment, and that the file. */
export function readSettings({ flags, env }: SettingSources): EffectiveSettings {
  const path = typeof flags['config'] === 'string' ? flags['config'] : env[fileVariable]
  const file = path === undefined || path === '' ? [] : [fromFile(path)]
  const written = new Map<SettingName, Written>()
  for (const source of [defaults, ...file, fromEnvironment(env), fromFlags(flags)]) {
    for (const [name, value] of source) written.set(name, value)
  }

  const all = (name: SettingName): readonly string[] => written.get(name)?.texts ?? []
  const one = (name: SettingName): string | undefined => {
    const texts = all(name)
    if (texts.length <= 1) return texts[0]
    throw invalid(`${written.get(name)?.from}: ${name} is one value, not several.`)
  }
  const needed = (name: SettingName): string => one(name) ?? missing(name)
  const at = <Value>(name: SettingName, read: () => Value): Value => naming(written.get(name)?.from, read)

  const state = at('state', () => checkStateAddress(needed('state')))
  const settings: ProxySettings = {
    state,
    listen: at('listen', () => parseListenAddress(needed('listen'))),
    upstream: at('upstream', () => checkUpstreamAddress(needed('upstream'))),
    allowedHosts: at('allowedHosts', () => all('allowedHosts').map(parseAllowedHost)),
    features: all('features').map((text) => oneOf('features', features, text)),
    teamName: teamNameOf(one('teamName')),
    behindTlsProxy: oneOf('behindTlsProxy', ['true', 'false'], one('behindTlsProxy')) === 'true',
    setupSecretFile: one('setupSecretFile'),
    auditFolder: auditFolder(one('auditFolder'), state),
    auditDays: at('auditDays', () => parseKeepDays(one('auditDays'))),
    auditSignatures: one('auditSignatures'),
    logLevel: oneOf('logLevel', logLevels, one('logLevel')),
    drainSeconds: secondsOf('drainSeconds', one('drainSeconds')),
  }
  return { settings, written }
}

function missing(name: SettingName): never {
  const { flag, variable } = settingKeys.find(({ key }) => key === name) ?? { flag: name, variable: name }
  throw new UsageError({
    code: 'SOEN_WRONG_USE',
    message: `--${flag} is missing.`,
    hint: `Give it, or set ${variable}, or write ${name} into the file of --config.`,
  })
}

function oneOf<const Choice extends string>(name: string, choices: readonly Choice[], text = ''): Choice {
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  throw invalid(`${name} cannot be ${JSON.stringify(text)}.`, `Choose from ${choices.join(', ')}.`)
}

function teamNameOf(text: string | undefined): string | undefined {
  if (text === undefined || /^(?=.*\S)\P{C}{1,60}$/u.test(text)) return text
  throw invalid(
    `teamName cannot be ${JSON.stringify(text)}.`,
    'Write 1 to 60 characters, none of them a control character.',
  )
}

function secondsOf(name: string, text = ''): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw invalid(
    `${name} cannot be ${JSON.stringify(text)}.`,
    'Write a whole number of seconds, at most 9999.',
  )
}

/** Adds to an error the source of the value, unless it is the command line. */
function naming<Value>(from: string | undefined, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof AuthProxyError) || from === undefined || from.startsWith('--')) throw error
    const { code, message, hint } = error
    throw new AuthProxyError({ code, message: `${from}: ${message}`, hint, cause: error })
  }
}
