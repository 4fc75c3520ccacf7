import { createAsker } from '../output/ask.ts'
import { whoWeAre } from '../system-user.ts'
import { version } from '../version.ts'
import { newServerVerb, type Verb } from './verb.ts'

/** `soen destroy`: removes the server from its machine; runs, accounts and certificates stay. */
export const destroy: Verb = (parent, terminalFor) => {
  newServerVerb(
    parent,
    'destroy',
    'Take the server off its machine; its data stays.',
    'soen destroy --dry-run',
    'soen destroy --yes',
  )
    .option('--dry-run', 'Show what would be removed, and remove nothing.')
    .option('--yes', 'Do not ask first.')
    .action(async (flags) => {
      const { callHost } = await import('../roads/call-host.ts')
      const { findServer } = await import('../roads/find-place.ts')
      const { bringPrograms } = await import('../server/bring-programs.ts')
      const terminal = terminalFor(flags)
      const server = await findServer(flags)
      const { domain, host } = server.target
      const isDryRun = flags.dryRun ?? false
      if (!isDryRun && !flags.yes) {
        const asker = createAsker({ otherwise: 'Say so beforehand: --yes' })
        const question = `Stop ${domain} and take its programs off ${host.address}? Its data stays.`
        if (!(await asker.confirm(question))) return terminal.note('Nothing was changed.')
      }
      await using road = await server.open(flags, terminal)
      // The installed program may be of a version that knows less, or partly removed already.
      await using brought = await bringPrograms(road, { isLookingOnly: true }, terminal)
      const request = { verb: 'destroy', by: whoWeAre(), version, isDryRun } as const
      const report = await callHost(road, brought.program, request, (event) => {
        if (event.type === 'note') terminal.note(event.message)
      })
      if (flags.json) return terminal.json({ target: server.name, isDryRun, ...report })
      for (const what of report.removed) terminal.result(`${isDryRun ? 'would remove' : 'removed'} ${what}`)
      for (const what of report.kept) terminal.result(`kept ${what}`)
      terminal.note('What stays is removed for good by, on the machine:')
      for (const command of report.removeData) terminal.note(`  ${command}`)
    })
}
