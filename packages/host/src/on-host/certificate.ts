import { X509Certificate } from 'node:crypto'
import { glob, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { HostError } from '../errors.ts'
import { stateFolders, units } from '../layout.ts'
import { runOrThrow, type Machine } from '../machine/machine.ts'
import type { ServerTarget } from '../server-target.ts'
import { until } from '../until.ts'

/** The settings that a server's certificate depends on. */
type CertifiedTarget = Pick<ServerTarget, 'domain' | 'tls'>

/** What an admin wants to know about a certificate. */
interface CertificateFacts {
  readonly serial: string
  readonly issuer: string
  /** ISO 8601. */
  readonly validTo: string
}

/** The certificate that is served and the one on the disk, which must be the same. */
export interface CertificateReport {
  readonly domain: string
  readonly mode: ServerTarget['tls']['mode']
  /** From a real handshake on the machine; null where nothing answers. */
  readonly served: CertificateFacts | null
  /** The newest on the machine's disk; null where there is none, or it is just being written. */
  readonly stored: CertificateFacts | null
  readonly isNewestServed: boolean
}

/** Reads the certificate from a real handshake, and the newest one on the disk. */
export async function readCertificate(machine: Machine, target: CertifiedTarget): Promise<CertificateReport> {
  const { domain, tls } = target
  const served = await servedCertificate(domain)
  const stored = await newestStored(machine, target)
  return {
    domain,
    mode: tls.mode,
    served: served === undefined ? null : factsOf(served),
    stored: stored === undefined ? null : factsOf(stored),
    isNewestServed: served !== undefined && served.serialNumber === stored?.serialNumber,
  }
}

/** How long the certificate authority may take. */
const renewalTimeoutMs = 90_000

/**
 * Obtains a new certificate. The old one is moved aside meanwhile, and restored if no new one comes.
 *
 * @throws HostError `SOEN_CERTIFICATE_NOT_RENEWED`
 */
export async function renewCertificate(
  machine: Machine,
  target: CertifiedTarget,
): Promise<CertificateReport> {
  const before = await readCertificate(machine, target)
  const stored = target.tls.mode === 'files' ? undefined : await newestStoredFile(machine, target)
  if (stored === undefined) return restartUntilNew(machine, target, before)
  const aside = `${stored}.aside`
  await rename(stored, aside)
  let renewed: CertificateReport
  try {
    renewed = await restartUntilNew(machine, target, before)
  } catch (error) {
    await rename(aside, stored)
    await runOrThrow(machine, 'systemctl', 'restart', units.caddy)
    throw error
  }
  await rm(aside, { force: true })
  return renewed
}

async function restartUntilNew(
  machine: Machine,
  target: CertifiedTarget,
  before: CertificateReport,
): Promise<CertificateReport> {
  await runOrThrow(machine, 'systemctl', 'restart', units.caddy)
  const lookForNew = async (): Promise<CertificateReport | undefined> => {
    const now = await readCertificate(machine, target)
    const isNew = target.tls.mode === 'files' || now.served?.serial !== before.served?.serial
    return now.isNewestServed && isNew ? now : undefined
  }
  const renewed = await until(lookForNew, { timeoutMs: renewalTimeoutMs, everyMs: 500 })
  if (renewed !== undefined) return renewed
  throw new HostError('No new certificate came; the old one is served again.', {
    code: 'SOEN_CERTIFICATE_NOT_RENEWED',
    hint: 'See what the authority said: soen logs --unit caddy. The name must lead to this machine, and port 80 be open to all.',
  })
}

function servedCertificate(domain: string): Promise<X509Certificate | undefined> {
  return new Promise((resolve) => {
    // Reads whatever certificate is served, valid or not.
    const options = { host: '127.0.0.1', port: 443, servername: domain, timeout: 5000 }
    const socket = connect({ ...options, rejectUnauthorized: false })
    const end = (certificate?: X509Certificate): void => {
      resolve(certificate)
      socket.destroy()
    }
    socket.once('secureConnect', () => end(socket.getPeerX509Certificate()))
    socket.once('timeout', () => end())
    socket.once('error', () => end())
  })
}

async function newestStored(machine: Machine, target: CertifiedTarget): Promise<X509Certificate | undefined> {
  const path = await newestStoredFile(machine, target)
  if (path === undefined) return undefined
  try {
    return new X509Certificate(await readFile(path))
  } catch {
    // Caddy may be writing it right now.
    return undefined
  }
}

async function newestStoredFile(
  machine: Machine,
  { tls, domain }: CertifiedTarget,
): Promise<string | undefined> {
  if (tls.mode === 'files') return join(machine.root, tls.certificateFile)
  const found: { path: string; mtimeMs: number }[] = []
  const home = join(machine.root, stateFolders.caddy)
  for await (const name of glob(`.local/share/caddy/certificates/*/${domain}/${domain}.crt`, { cwd: home })) {
    const path = join(home, name)
    found.push({ path, mtimeMs: (await stat(path)).mtimeMs })
  }
  return found.toSorted((a, b) => b.mtimeMs - a.mtimeMs)[0]?.path
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  const { serialNumber: serial, issuer, validToDate } = certificate
  return { serial, issuer: issuer.replaceAll('\n', ', '), validTo: validToDate.toISOString() }
}
