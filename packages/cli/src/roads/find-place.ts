import { chooseTarget, type LocalTarget, type SshTarget } from '@soen/settings'
import { CliError } from '../errors.ts'
import type { Terminal } from '../output/terminal.ts'
import {
  findTarget,
  noSettings,
  readSettings,
  type FoundTarget,
  type WhichTarget,
} from '../targets/find-target.ts'
import type { Road } from './road.ts'
import { nameOfDestination } from './ssh-arguments.ts'
import { handOverBySsh, openSshRoad, type ReachOptions } from './ssh-road.ts'

// Only this file distinguishes kinds of target: verbs get a server with its road, or the platform on this computer.

/** A server with the road to it. */
export interface Server extends FoundTarget {
  readonly target: SshTarget
  /** Connects to its machine, and shows that. */
  readonly open: (options: ReachOptions, terminal: Terminal) => Promise<Road>
  /** Connects the terminal to a command on its machine, by default a shell; resolves to the exit code. */
  readonly handOver: (options: ReachOptions, terminal: Terminal, words: readonly string[]) => Promise<number>
}

/** The place of a target that is a server. */
interface ServerPlace {
  readonly kind: 'server'
  readonly domain: string
  /**
   * @throws CliError `SOEN_TARGET_NOT_SSH` where there is no road to it yet
   */
  readonly server: () => Server
}

/** The platform on this computer, as soen.yaml describes it. */
export interface LocalPlace {
  readonly kind: 'local'
  readonly name: string
  readonly target: LocalTarget
}

/** Where a verb acts that works for servers and for this computer; the local platform need not be in soen.yaml. */
export type Place = ServerPlace | LocalPlace | Pick<LocalPlace, 'kind'>

/** The place of a target. */
function placeOf(found: FoundTarget): ServerPlace | LocalPlace {
  const { name, target } = found
  switch (target.where) {
    case 'ssh':
      return { kind: 'server', domain: target.domain, server: () => serverBySsh(found, target) }
    case 'aws': {
      const server = (): never => {
        throw noRoad(found, 'Name a target with `where: ssh`: --target NAME.')
      }
      return { kind: 'server', domain: target.domain, server }
    }
    case 'local':
      return { kind: 'local', name, target }
  }
}

function serverBySsh(found: FoundTarget, target: SshTarget): Server {
  const { host } = target
  const say = (terminal: Terminal): void => terminal.note(`Target ${found.name}: ${nameOfDestination(host)}`)
  return {
    ...found,
    target,
    open(options, terminal) {
      say(terminal)
      return openSshRoad(host, options)
    },
    handOver(options, terminal, words) {
      say(terminal)
      return handOverBySsh(host, options, words)
    },
  }
}

/**
 * The chosen server.
 *
 * @throws CliError `SOEN_NO_SETTINGS` or `SOEN_TARGET_NOT_SSH`; SettingsError for an invalid file
 */
export async function findServer(which: WhichTarget): Promise<Server> {
  const found = await findTarget(which)
  if (found === undefined) throw noSettings()
  const place = placeOf(found)
  if (place.kind === 'server') return place.server()
  throw noRoad(found, 'The platform on this computer is run by soen up; name a server: --target NAME.')
}

/**
 * The chosen server, or the platform on this computer: chosen by `--home`, by a local target, or because there is no
 * soen.yaml.
 */
export async function findPlace(which: WhichTarget & { readonly home?: string }): Promise<Place> {
  if (which.home !== undefined && which.target === undefined) return { kind: 'local' }
  const found = await findTarget(which)
  return found === undefined ? { kind: 'local' } : placeOf(found)
}

/**
 * The platform on this computer as soen.yaml describes it: the named target, else the only one of that kind, if any.
 */
export async function findLocal(which: WhichTarget): Promise<LocalPlace | undefined> {
  const settings = await readSettings(which)
  if (settings === undefined) return undefined
  const locals = Object.entries(settings.targets).filter(([, { where }]) => where === 'local')
  if (which.target === undefined && locals.length === 0) return undefined
  const targets = which.target === undefined ? Object.fromEntries(locals) : settings.targets
  const found = chooseTarget({ ...settings, targets }, which.target)
  const place = placeOf({ ...found, ignoredKeys: [] })
  if (place.kind === 'local') return place
  throw new CliError(`The target ${found.name} is not on this computer (where: ${found.target.where}).`, {
    code: 'SOEN_TARGET_NOT_LOCAL',
    hint: 'Name a target with `where: local`: soen up --target NAME. A server is made by soen deploy.',
  })
}

function noRoad({ name, target }: FoundTarget, hint: string): CliError {
  return new CliError(`The target ${name} is no machine that SSH reaches (where: ${target.where}).`, {
    code: 'SOEN_TARGET_NOT_SSH',
    hint,
  })
}
