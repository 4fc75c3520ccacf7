import type { DestroyReport } from '@soen/host'
import { createAsker } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'
import { findSshTarget } from '../targets/find-target.ts'
import { openHost, whoWeAre } from '../roads/open-road.ts'
import { version } from '../version.ts'
import type { ServerOptions } from '../server/deploy.ts'

/** Takes the server off its machine; runs, accounts and certificates stay. */
export async function destroy(
  options: ServerOptions & { readonly dryRun?: boolean; readonly yes?: boolean },
  terminal: Terminal,
): Promise<void> {
  const found = await findSshTarget(options)
  const isDryRun = options.dryRun ?? false
  if (!isDryRun && !options.yes) {
    const asker = createAsker({ otherwise: 'Say so beforehand: --yes' })
    const question = `Stop ${found.target.domain} and take its programs off ${found.target.host.address}? Its data stays.`
    if (!(await asker.confirm(question))) return terminal.note('Nothing was changed.')
  }
  await using host = await openHost(found, options, terminal)
  const request = { verb: 'destroy', by: whoWeAre(), version, isDryRun } as const
  const report = await host.ask<DestroyReport>(request, (event) => {
    if (event.type === 'note') terminal.note(event.message)
  })
  if (options.json) return terminal.json({ target: found.name, isDryRun, ...report })
  for (const what of report.removed) terminal.result(`${isDryRun ? 'would remove' : 'removed'} ${what}`)
  for (const what of report.kept) terminal.result(`kept ${what}`)
  terminal.note('What stays is removed for good by, on the machine:')
  for (const command of report.removeData) terminal.note(`  ${command}`)
}
