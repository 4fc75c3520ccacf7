import type { CertificateReport } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import { describeCertificate } from '../server/describe-status.ts'
import { findSshTarget } from '../targets/find-target.ts'
import { openHost } from '../roads/open-road.ts'
import type { ServerOptions } from '../server/deploy.ts'

/** Shows the certificate that a real handshake gets, or fetches a new one. Exit code 1 where it is not the newest. */
export async function cert(
  what: 'show' | 'renew',
  options: ServerOptions & { readonly dryRun?: boolean },
  terminal: Terminal,
): Promise<void> {
  const found = await findSshTarget(options)
  await using host = await openHost(found, options, terminal)
  const isRenewed = what === 'renew' && !options.dryRun
  const ask = (): Promise<CertificateReport> => host.ask({ verb: 'certificate', isRenewed })
  const report = isRenewed ? await terminal.step('Renewing the certificate', ask) : await ask()
  if (!report.isNewestServed) process.exitCode = 1
  if (options.json) return terminal.json({ target: found.name, ...report })
  terminal.result(describeCertificate(report, Date.now()))
  if (what === 'renew' && options.dryRun) terminal.result('It would be fetched anew.')
  if (!report.isNewestServed) {
    terminal.note('  → Serve the newest: soen cert renew. What the authority said: soen logs --unit caddy')
  }
}
