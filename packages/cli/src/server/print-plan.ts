import type { Terminal } from '../output/terminal.ts'
import { callHost } from '../roads/call-host.ts'
import { findServer } from '../roads/find-place.ts'
import { bringPrograms } from './bring-programs.ts'
import type { ServerOptions } from './server-options.ts'

/** Prints the deploy as a shell script, including the unit files; changes nothing. */
export async function printPlan(options: ServerOptions, terminal: Terminal): Promise<void> {
  const { name, target, open } = await findServer(options)
  await using road = await open(options, terminal)
  await using brought = await bringPrograms(road, { isLookingOnly: true }, terminal)
  const request = { verb: 'eject', target, payload: brought.payload } as const
  const script = await callHost(road, brought.program, request)
  if (options.json) terminal.json({ target: name, script })
  else terminal.result(script.trimEnd())
}
