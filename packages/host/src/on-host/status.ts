import { readFile, statfs } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { allOf } from '../all-of.ts'
import { sockets, units } from '../layout.ts'
import type { Machine } from '../machine/machine.ts'
import type { ServerTarget } from '../server-target.ts'
import { readAudit, type AuditEntry } from './audit.ts'
import { readCertificate, type CertificateReport } from './certificate.ts'
import { readTarget } from './deployed-target.ts'

/** A server's state, on one screen. */
export interface ServerStatus {
  readonly isDeployed: boolean
  readonly health: 'healthy' | 'unhealthy'
  readonly units: readonly UnitStatus[]
  readonly certificate: CertificateReport | null
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number }
  readonly memory: { readonly availableBytes: number; readonly totalBytes: number }
  /** The users who sent something in the last five minutes, and how many requests. */
  readonly loggingNow: readonly { readonly user: string; readonly requests: number }[]
  readonly lastDeploy: AuditEntry | null
  /** Always null: this server has no backups yet. */
  readonly backup: null
}

/** One program of the server. */
interface UnitStatus {
  readonly name: string
  /** systemd's name of it, for instance `active`. */
  readonly state: string
  readonly restarts: number
}

/** Reads everything that fits on one screen; changes nothing. */
export async function readStatus(machine: Machine): Promise<ServerStatus> {
  const target = await readTarget(machine)
  const { audit, disk, isHealthy, ...rest } = await allOf({
    audit: readAudit(machine),
    disk: statfs(join(machine.root, '/var/lib')),
    isHealthy: isAnswering(),
    memory: readMemory(machine),
    units: Promise.all(Object.values(units).map((name) => readUnit(machine, name))),
    loggingNow: readLoggingNow(machine),
    certificate: certificateOf(machine, target),
  })
  return {
    ...rest,
    isDeployed: target !== undefined,
    health: isHealthy && rest.units.every(({ state }) => state === 'active') ? 'healthy' : 'unhealthy',
    disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
    lastDeploy: audit.findLast(({ verb }) => verb === 'deploy') ?? null,
    backup: null,
  }
}

async function certificateOf(
  machine: Machine,
  target: ServerTarget | undefined,
): Promise<CertificateReport | null> {
  return target === undefined || target.tls.mode === 'none' ? null : readCertificate(machine, target)
}

async function readUnit(machine: Machine, name: string): Promise<UnitStatus> {
  const { stdout } = await machine.run('systemctl', ['show', name, '--property=ActiveState,NRestarts'])
  const is = new Map(stdout.split('\n').map((line) => [line.split('=')[0], line.split('=')[1]]))
  return { name, state: is.get('ActiveState') ?? 'unknown', restarts: Number(is.get('NRestarts') ?? 0) }
}

async function readMemory(machine: Machine): Promise<ServerStatus['memory']> {
  const text = await readFile(join(machine.root, '/proc/meminfo'), 'utf8')
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) * 1024
  return { availableBytes: bytes('MemAvailable'), totalBytes: bytes('MemTotal') }
}

/** Taken from the front door's access log, which has user names but nothing they sent. */
async function readLoggingNow(machine: Machine): Promise<ServerStatus['loggingNow']> {
  const args = ['--unit', units.authProxy, '--since', '-5min', '--output', 'cat', '--no-pager', '--quiet']
  const { stdout } = await machine.run('journalctl', args)
  const counts = new Map<string, number>()
  for (const line of stdout.split('\n')) {
    const user = writerOf(line)
    if (user !== undefined) counts.set(user, (counts.get(user) ?? 0) + 1)
  }
  return [...counts]
    .map(([user, requests]) => ({ user, requests }))
    .toSorted((a, b) => b.requests - a.requests)
}

function writerOf(line: string): string | undefined {
  try {
    const { user, method, path } = Object(JSON.parse(line))
    const isWriting = method === 'POST' && /\/mlflow\/runs\/(log|create|update|set-tag)/.test(String(path))
    return isWriting && typeof user === 'string' ? user : undefined
  } catch {
    return undefined
  }
}

/** Whether the front door answers, and MLflow behind it. */
export function isAnswering(): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { socketPath: sockets.authProxy, path: '/ready', headers: { host: 'localhost' } }
    request({ ...options, timeout: 5000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
      .on('timeout', function (this: { destroy(): void }) {
        this.destroy()
        resolve(false)
      })
      .on('error', () => resolve(false))
      .end()
  })
}
