import { ignoredKeysOf, localDefaults } from '@soen/settings'
import { findHome } from '../local/home.ts'
import { planPlatform } from '../local/platform-plan.ts'
import { counted } from '../output/counted.ts'
import type { Terminal } from '../output/terminal.ts'
import { readLogins } from './logins.ts'
import { findSettings, findTarget, readSettings, type WhichTarget } from '../targets/find-target.ts'

/** The options of `soen config`. */
export interface ConfigOptions extends WhichTarget {
  readonly home?: string
  readonly json?: boolean
}

/** Shows the effective configuration: flags, variables, `soen.yaml` and logins; never a secret. */
export async function showConfig(options: ConfigOptions, terminal: Terminal): Promise<void> {
  const file = findSettings(options.settings)
  const settings = await readSettings(options)
  const chosen = options.target === undefined ? undefined : await findTarget(options)
  const shown = chosen === undefined ? settings?.targets : { [chosen.name]: chosen.target }
  const locals = Object.values(shown ?? {}).filter((target) => target.where === 'local')
  const local = locals.length === 1 ? locals[0] : undefined
  const home = findHome({ chosen: options.home })
  const { port, storage } = planPlatform(home, {}, process.env, local ?? localDefaults)
  const { default: server = null, servers } = await readLogins()
  const config = {
    file: file ?? null,
    team: settings?.team ?? null,
    targets: shown ?? {},
    ignoredKeys:
      settings === undefined ? [] : Object.keys(shown ?? {}).flatMap((it) => ignoredKeysOf(settings, it)),
    local: { home: home.path, port, ...storage.shown },
    signedIn: {
      default: server,
      as: Object.fromEntries(Object.entries(servers).map(([url, it]) => [url, it.user])),
    },
  }
  if (options.json) return terminal.json(config)
  for (const line of linesOf(config)) terminal.result(line)
  const { length } = config.ignoredKeys
  if (length > 0)
    terminal.warn(`Nothing acts yet on ${counted(length, 'key')}: ${config.ignoredKeys.join(', ')}`)
}

/** Every value with its path, as in `targets.team.host.address  lab.example.org`. */
function linesOf(value: unknown, path = ''): readonly string[] {
  if (value === null || value === undefined) return [`${path}  none`]
  if (typeof value !== 'object')
    return [`${path}  ${typeof value === 'string' ? value : JSON.stringify(value)}`]
  const fields = Object.entries(value)
  if (fields.length === 0) return [`${path}  none`]
  return fields.flatMap(([name, it]) => linesOf(it, path === '' ? name : `${path}.${name}`))
}
