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

// This file alone asks a target where it is: verbs get a server with its road, or the platform on this computer.

/** A server that a road leads to. */
export interface Server extends FoundTarget {
  readonly target: SshTarget
  /** Opens the road to its machine, and says so. */
  readonly open: (options: ReachOptions, terminal: Terminal) => Promise<Road>
  /** Gives the terminal to one command on its machine, without any to a shell; resolves to the exit code. */
  readonly handOver: (options: ReachOptions, terminal: Terminal, words: readonly string[]) => Promise<number>
}

/** Where a target that is a server is. */
interface ServerPlace {
  readonly kind: 'server'
  readonly domain: string
  /** @throws CliError `SOEN_TARGET_NOT_SSH` where no road leads there yet */
  readonly server: () => Server
}

/** The platform on this computer, as soen.yaml describes it. */
export interface LocalPlace {
  readonly kind: 'local'
  readonly name: string
  readonly target: LocalTarget
}

/** What a verb is about that a server and this computer both have; no soen.yaml need speak of the platform here. */
export type Place = ServerPlace | LocalPlace | Pick<LocalPlace, 'kind'>

/** Where a target is. */
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
 * The server that is meant.
 *
 * @throws CliError `SOEN_NO_SETTINGS` or `SOEN_TARGET_NOT_SSH`; SettingsError for a file that can't be used
 */
export async function findServer(which: WhichTarget): Promise<Server> {
  const found = await findTarget(which)
  if (found === undefined) throw noSettings()
  const place = placeOf(found)
  if (place.kind === 'server') return place.server()
  throw noRoad(found, 'The platform on this computer is run by soen up; name a server: --target NAME.')
}

/** The server that is meant, or the platform on this computer: by `--home`, by a target, or for want of a soen.yaml. */
export async function findPlace(which: WhichTarget & { readonly home?: string }): Promise<Place> {
  if (which.home !== undefined && which.target === undefined) return { kind: 'local' }
  const found = await findTarget(which)
  return found === undefined ? { kind: 'local' } : placeOf(found)
}

/** What soen.yaml says of the platform on this computer: its named target, else the only one of that kind, if any. */
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
