import type { ApplyResult, OnHostEvent } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import { callHost } from '../roads/call-host.ts'
import { bringPrograms } from './bring-programs.ts'
import { findSshTarget, type FoundSshTarget, type WhichTarget } from '../targets/find-target.ts'
import { openHost, whoWeAre, type ReachOptions } from '../roads/open-road.ts'
import { version } from '../version.ts'

/** What every verb about a server takes. */
export interface ServerOptions extends WhichTarget, ReachOptions {
  readonly json?: boolean
}

/** The options of `soen deploy`. */
export interface DeployOptions extends ServerOptions {
  readonly dryRun?: boolean
  /** Seconds to wait for another deploy. */
  readonly wait: number
  readonly offlineBundle?: string
}

/** What differs, of one resource. */
type ResourceEvent = Extract<OnHostEvent, { resource: string }>

/** Makes the machine as soen.yaml says; again and again, it changes only what differs. */
export async function deploy(options: DeployOptions, terminal: Terminal): Promise<void> {
  if (options.dryRun) return plan(options, terminal)
  const startedAt = performance.now()
  const { result, events, found } = await walk(options, { isDryRun: false }, terminal)
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10
  if (options.json) return terminal.json({ ...inJson(found, result, events), seconds })
  terminal.result(`${result.changed} changed, ${result.unchanged} as planned, in ${seconds} s`)
  terminal.note(`Server https://${found.target.domain}`)
  terminal.note(`Let somebody in: soen user add NAME --role admin --target ${found.name}`)
}

/** Shows what a deploy would change. Exit code 3 where there is something. */
export async function plan(
  options: Omit<DeployOptions, 'wait'> & { wait?: number },
  terminal: Terminal,
): Promise<void> {
  const { result, events, found } = await walk({ wait: 0, ...options }, { isDryRun: true }, terminal)
  if (options.json) terminal.json(inJson(found, result, events))
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
): Promise<{ result: ApplyResult; events: readonly ResourceEvent[]; found: FoundSshTarget }> {
  const found = await findSshTarget(options)
  const { ignoredKeys } = found
  if (ignoredKeys.length > 0) {
    terminal.warn(`The settings have keys that nothing acts on yet: ${ignoredKeys.join(', ')}`)
  }
  await using host = await openHost(found, options, terminal)
  const { offlineBundle } = options
  await using brought = await bringPrograms(host, { isLookingOnly: isDryRun, offlineBundle }, terminal)
  const { target } = found
  const request = { target, payload: brought.payload, by: whoWeAre(), version, isDryRun, waitS: options.wait }
  const events: ResourceEvent[] = []
  const result = await callHost<ApplyResult>(
    host.root,
    brought.program,
    { verb: 'apply', ...request },
    (event) => {
      if (event.type === 'waiting') terminal.note(`Waiting for ${event.holder}`)
      if (!('resource' in event) || event.type === 'unchanged') return
      events.push(event)
      if (!isDryRun) terminal.note(`${event.resource} ${(event.durationMs / 1000).toFixed(1)} s`)
    },
  )
  return { result, events, found }
}

function inJson(
  { name, ignoredKeys }: FoundSshTarget,
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
