import type { CertificateReport, ServerStatus } from '@soen/host'
import { counted } from '../output/counted.ts'
import { shownTime } from '../output/shown-time.ts'

const dayMs = 86_400_000

/** A server's state on one screen, the most important first. */
export function serverScreen(domain: string, status: ServerStatus, now: number): readonly string[] {
  const { certificate, disk, memory, loggingNow, lastDeploy, units } = status
  const rows: readonly (readonly [string, string])[] = [
    ['Server', `https://${domain}`],
    ['Health', status.health],
    ['Version', lastDeploy === null ? 'unknown' : lastDeploy.version],
    ...units.map(({ name, state, restarts }): readonly [string, string] => [
      name.replace(/\.service$/, ''),
      restarts === 0 ? state : `${state}, restarted ${counted(restarts, 'time')}`,
    ]),
    [
      'Certificate',
      certificate === null ? 'none: TLS ends before the server' : describeCertificate(certificate, now),
    ],
    ['Disk', `${gigabytes(disk.freeBytes)} free of ${gigabytes(disk.totalBytes)}`],
    ['Memory', `${gigabytes(memory.availableBytes)} free of ${gigabytes(memory.totalBytes)}`],
    // A server without backups has to say so.
    ['Backup', 'none'],
    [
      'Logging now',
      loggingNow.map(({ user, requests }) => `${user} (${requests})`).join(', ') ||
        'nobody in the last 5 minutes',
    ],
    [
      'Last deploy',
      lastDeploy === null
        ? 'unknown'
        : `${shownTime(lastDeploy.at)} by ${lastDeploy.by}, ${lastDeploy.result}`,
    ],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}

/** A certificate in one sentence. */
export function describeCertificate(
  { served, stored, isNewestServed }: CertificateReport,
  now: number,
): string {
  if (served === null) return 'nobody answers on port 443'
  const leftMs = Date.parse(served.validTo) - now
  const age = `${leftMs < 0 ? `expired ${span(-leftMs)} ago` : `${span(leftMs)} left`}, until ${shownTime(served.validTo)}`
  const match = isNewestServed
    ? 'the newest stored one'
    : stored === null
      ? 'and none is stored'
      : `but a newer one is stored, until ${shownTime(stored.validTo)}`
  return `${age}, ${match}`
}

/** In days, or in hours for less than two days. */
function span(ms: number): string {
  return ms < 2 * dayMs
    ? counted(Math.floor((ms / dayMs) * 24), 'hour')
    : counted(Math.floor(ms / dayMs), 'day')
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
