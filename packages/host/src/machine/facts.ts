import { allOf } from '../all-of.ts'
import { HostError } from '../errors.ts'
import { caddyDescription, units } from '../layout.ts'
import { readText, runOrThrow, type Machine } from './machine.ts'

/** A program that listens on a TCP port which other machines can reach. */
export interface Listener {
  readonly port: number
  /** The program's short name, for instance `nginx`. */
  readonly program: string
}

/** An address that is let in where a door is restricted. */
export interface AllowedAddress {
  readonly door: 'ssh' | 'web'
  /** An address or a network, for instance `192.0.2.7` or `2001:db8::/48`. */
  readonly network: string
  /** The name of whoever uses it. */
  readonly label?: string | undefined
  /** ISO 8601; left out, the entry never expires. */
  readonly until?: string | undefined
}

/** What the plan needs to know about the machine, read beforehand. */
export interface Facts {
  readonly os: {
    /** For instance `debian`, `ubuntu`. */
    readonly id: string
    /** For instance `12`, `24.04`. */
    readonly version: string
    /** The full name that the machine reports, for instance `Debian GNU/Linux 12 (bookworm)`. */
    readonly name: string
  }
  /** For instance `3.11.2`; null where there is no `python3`. */
  readonly python: string | null
  readonly memoryBytes: number
  /** The number of processors that programs may use. */
  readonly processors: number
  /** A container shares its host's kernel, so it cannot set swap or kernel parameters. */
  readonly isContainer: boolean
  /** Ports of the SSH server. */
  readonly sshPorts: readonly number[]
  readonly listeners: readonly Listener[]
  /**
   * Whether the machine has somebody else's Caddy: a unit or settings that are neither ours nor the package's own.
   */
  readonly hasForeignCaddy: boolean
  /** The machine's allow list, without expired entries. */
  readonly allowed: readonly AllowedAddress[]
}

/**
 * Reads what the plan needs to know; changes nothing.
 *
 * @throws HostError where the machine does not answer a question that has no safe default
 */
export async function readFacts(machine: Machine, now: Date = new Date()): Promise<Facts> {
  const { saidPorts, ...facts } = await allOf({
    os: readOs(machine),
    python: readPython(machine),
    memoryBytes: readMemoryBytes(machine),
    processors: readProcessors(machine),
    isContainer: readIsContainer(machine),
    saidPorts: readSshPorts(machine),
    listeners: readListeners(machine),
    hasForeignCaddy: readHasForeignCaddy(machine),
    allowed: readAllowList(machine, now),
  })
  const heldPorts = facts.listeners.filter(({ program }) => program === 'sshd').map(({ port }) => port)
  return { ...facts, sshPorts: [...new Set([...saidPorts, ...heldPorts])] }
}

/** The machine's own allow list: an array of `AllowedAddress`. */
export const allowListPath = '/etc/soen/allow-list.json'

async function readOs(machine: Machine): Promise<Facts['os']> {
  const text = (await readText(machine, '/etc/os-release')) ?? ''
  const fields = new Map(
    text.split('\n').map((line) => {
      const [key = '', value = ''] = line.split(/=(.*)/s)
      return [key, value.replaceAll('"', '')]
    }),
  )
  const id = fields.get('ID') ?? 'unknown'
  const version = fields.get('VERSION_ID') ?? 'unknown'
  return { id, version, name: fields.get('PRETTY_NAME') ?? `${id} ${version}` }
}

async function readMemoryBytes(machine: Machine): Promise<number> {
  const kibibytes = /^MemTotal:\s+(\d+) kB$/m.exec((await readText(machine, '/proc/meminfo')) ?? '')?.[1]
  if (kibibytes === undefined) {
    throw new HostError('/proc/meminfo does not say how much memory the machine has.', {
      code: 'SOEN_FACTS_UNREADABLE',
      hint: 'Look at /proc/meminfo on the machine: it is not mounted as Linux does it.',
    })
  }
  return Number(kibibytes) * 1024
}

async function readProcessors(machine: Machine): Promise<number> {
  const { code, stdout } = await machine.run('nproc', [])
  return code === 0 ? Number(stdout) : 1
}

async function readPython(machine: Machine): Promise<string | null> {
  const question = 'import platform; print(platform.python_version())'
  const { code, stdout } = await machine.run('python3', ['-c', question])
  return code === 0 ? stdout.trim() : null
}

async function readIsContainer(machine: Machine): Promise<boolean> {
  return (await machine.run('systemd-detect-virt', ['--container', '--quiet'])).code === 0
}

/** The ports that sshd itself reports, right also where systemd holds the socket for it. None without sshd. */
async function readSshPorts(machine: Machine): Promise<readonly number[]> {
  const { code, stdout } = await machine.run('/usr/sbin/sshd', ['-T'])
  if (code === 127) return []
  // sshd refuses to answer before its first start: better to open its default port than to lock everybody out.
  if (code !== 0) return [22]
  return [...stdout.matchAll(/^port (\d+)$/gm)].map(([, port]) => Number(port))
}

async function readListeners(machine: Machine): Promise<readonly Listener[]> {
  const stdout = await runOrThrow(
    machine,
    'ss',
    '--listening',
    '--tcp',
    '--numeric',
    '--processes',
    '--no-header',
  )
  const listeners = stdout.split('\n').flatMap((line) => {
    const port = /:(\d+)$/.exec(line.trim().split(/\s+/)[3] ?? '')?.[1]
    return port === undefined
      ? []
      : [{ port: Number(port), program: /users:\(\("([^"]*)"/.exec(line)?.[1] ?? 'unknown' }]
  })
  // A program has a socket for each address family.
  return [...new Map(listeners.map((listener) => [JSON.stringify(listener), listener])).values()]
}

async function readHasForeignCaddy(machine: Machine): Promise<boolean> {
  const unit = await readText(machine, `/etc/systemd/system/${units.caddy}`)
  if (unit !== undefined) return !unit.includes(caddyDescription)
  const { stdout } = await machine.run('dpkg', ['--verify', 'caddy'])
  return stdout.includes('/etc/caddy/Caddyfile')
}

async function readAllowList(machine: Machine, now: Date): Promise<readonly AllowedAddress[]> {
  const text = await readText(machine, allowListPath)
  if (text === undefined) return []
  const entries: readonly AllowedAddress[] = JSON.parse(text)
  return entries.filter(({ until }) => until === undefined || new Date(until) > now)
}
