import type { Terminal } from '../output/terminal.ts'
import { callHost } from '../roads/call-host.ts'
import { bringPrograms } from '../server/bring-programs.ts'
import { findSshTarget } from '../targets/find-target.ts'
import { openHost } from '../roads/open-road.ts'
import type { ServerOptions } from '../server/deploy.ts'

/** Prints what a deploy does as a shell script with its unit files; changes nothing. */
export async function eject(options: ServerOptions, terminal: Terminal): Promise<void> {
  const found = await findSshTarget(options)
  await using host = await openHost(found, options, terminal)
  await using brought = await bringPrograms(host, { isLookingOnly: true }, terminal)
  const request = { verb: 'eject', target: found.target, payload: brought.payload } as const
  const script = await callHost<string>(host.root, brought.program, request)
  if (options.json) terminal.json({ target: found.name, script })
  else terminal.result(script.trimEnd())
}
