import { Argument } from '@commander-js/extra-typings'
import type { CertificateReport } from '@soen/host'
import { whoWeAre } from '../system-user.ts'
import { version } from '../version.ts'
import { newServerVerb, type Verb } from './verb.ts'

/**
 * `soen cert`: shows the certificate of a real handshake, or renews it. Exit code 1 where the newest is not served.
 */
export const cert: Verb = (parent, terminalFor) => {
  newServerVerb(
    parent,
    'cert',
    'Show the certificate that is really served, or fetch a new one.',
    'soen cert show',
    'soen cert renew',
  )
    .addArgument(new Argument('<what>', 'What to do.').choices(['show', 'renew']))
    .option('--dry-run', 'Show the certificate, and fetch none.')
    .action(async (what, flags) => {
      const { findServer } = await import('../roads/find-place.ts')
      const { describeCertificate } = await import('../server/describe-status.ts')
      const terminal = terminalFor(flags)
      const server = await findServer(flags)
      await using road = await server.open(flags, terminal)
      const isRenewed = what === 'renew' && !flags.dryRun
      const ask = (): Promise<CertificateReport> =>
        road.ask({ verb: 'certificate', isRenewed, by: whoWeAre(), version })
      const report = isRenewed
        ? await terminal.step('Renewing the certificate', ask, (it) => it.isNewestServed)
        : await ask()
      if (!report.isNewestServed) process.exitCode = 1
      if (flags.json) return terminal.json({ target: server.name, ...report })
      terminal.result(describeCertificate(report, Date.now()))
      if (what === 'renew' && flags.dryRun) terminal.result('It would be fetched anew.')
      if (!report.isNewestServed) {
        terminal.note(
          '  → Serve the newest: soen cert renew. What the authority said: soen logs --unit caddy',
        )
      }
    })
}
