import type { ApplyResult, OnHostEvent } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import { callHost } from '../roads/call-host.ts'
import { findServer, type Server } from '../roads/find-place.ts'
import { whoWeAre } from '../system-user.ts'
import { version } from '../version.ts'
import { bringPrograms } from './bring-programs.ts'
import type { ServerOptions } from './server-options.ts'

/** The options of `soen deploy`. */
export interface DeployOptions extends ServerOptions {
  /** Seconds to wait for another deploy; 0 by default. */
  readonly wait?: number
  readonly offlineBundle?: string
}

/** How one resource differs. */
type ResourceEvent = Extract<OnHostEvent, { resource: string }>

/** Makes the machine as soen.yaml says; a repeated deploy changes only what differs. */
export async function makeServer(options: DeployOptions, terminal: Terminal): Promise<void> {
  const startedAt = performance.now()
  const { result, events, server } = await walk(options, { isDryRun: false }, terminal)
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  if (options.json) return terminal.json({ ...inJson(server, result, events), seconds })
  terminal.result(`${result.changed} changed, ${result.unchanged} as planned, in ${seconds} s`)
  terminal.note(`Server https://${server.target.domain}`)
  terminal.note(`Let somebody in: soen user add NAME --role admin --target ${server.name}`)
}

/** Shows what a deploy would change. Exit code 3 where there is something. */
export async function showChanges(options: DeployOptions, terminal: Terminal): Promise<void> {
  const { result, events, server } = await walk(options, { isDryRun: true }, terminal)
  if (options.json) terminal.json(inJson(server, result, events))
  else {
    for (const line of events.flatMap(linesOf)) terminal.result(line)
    terminal.result(result.changed === 0 ? 'Everything is as planned.' : `${result.changed} would change.`)
  }
  if (result.changed > 0) process.exitCode = 3
}

async function walk(
  options: DeployOptions,
  { isDryRun }: { isDryRun: boolean },
  terminal: Terminal,
): Promise<{ result: ApplyResult; events: readonly ResourceEvent[]; server: Server }> {
  const server = await findServer(options)
  const { ignoredKeys } = server
  if (ignoredKeys.length > 0) {
    terminal.warn(`The settings have keys that nothing acts on yet: ${ignoredKeys.join(', ')}`)
  }
  await using road = await server.open(options, terminal)
  const { offlineBundle, wait: waitS = 0 } = options
  await using brought = await bringPrograms(road, { isLookingOnly: isDryRun, offlineBundle }, terminal)
  const { target } = server
  const request = { target, payload: brought.payload, by: whoWeAre(), version, isDryRun, waitS }
  const events: ResourceEvent[] = []
  const result = await callHost(road, brought.program, { verb: 'apply', ...request }, (event) => {
    if (event.type === 'waiting') terminal.note(`Waiting for ${event.holder}`)
    if (!('resource' in event) || event.type === 'unchanged') return
    events.push(event)
    if (!isDryRun) terminal.note(`${event.resource} ${(event.durationMs / 1000).toFixed(1)} s`)
  })
  return { result, events, server }
}

function inJson(
  { name, ignoredKeys }: Server,
  result: ApplyResult,
  events: readonly ResourceEvent[],
): Readonly<Record<string, unknown>> {
  const changes = events.map(({ resource, differences }) => ({ resource, differences }))
  return { target: name, ...result, ignoredKeys, changes }
}

function linesOf({ resource, differences }: ResourceEvent): readonly string[] {
  return [
    resource,
    ...differences.map(({ aspect, is, wanted }) => `  ${aspect}: ${is ?? 'missing'} → ${wanted}`),
  ]
}
