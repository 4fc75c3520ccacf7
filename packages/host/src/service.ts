import { createHash } from 'node:crypto'
import { hardening } from './hardening.ts'
import { credentialsFolder } from './layout.ts'
import type { UnitResource } from './resources/unit.ts'
import { systemdUnit } from './systemd-unit.ts'

/** What distinguishes a server's services from each other. */
export interface ServiceOptions {
  readonly name: string
  readonly description: string
  /** `exec` where the program does not notify systemd when it is ready. */
  readonly type: 'exec' | 'notify'
  readonly user: string
  /** Groups whose sockets it connects to. */
  readonly groups?: readonly string[]
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Secrets by name, each with its file. */
  readonly credentials?: Readonly<Record<string, string>>
  /** Commands that must succeed before its own starts. */
  readonly prepare?: readonly (readonly string[])[]
  readonly after?: readonly string[]
  readonly writable: readonly string[]
  /** A folder for its socket below `/run`, with the user's name. */
  readonly hasRuntimeFolder?: boolean
  readonly memoryMaxBytes?: number
  /** The only capabilities it has; a port below 1024 needs one. */
  readonly capabilities?: readonly string[]
  readonly stopTimeoutS: number
  /** What else the program reads at its start, for instance the hash of a file. */
  readonly inputs: readonly string[]
}

/** A long-running service: sandboxed, started at boot, and restarted whenever it ends. */
export function service(options: ServiceOptions): UnitResource {
  const { name, description, type, user, groups = [], command, env = {}, credentials = {} } = options
  const { prepare = [], after = [], writable, capabilities = [], stopTimeoutS, memoryMaxBytes } = options
  const hasRuntimeFolder = options.hasRuntimeFolder ?? false
  const content = systemdUnit({
    Unit: {
      Description: description,
      Wants: 'network-online.target',
      After: [['network-online.target', ...after]],
      StartLimitIntervalSec: 0,
    },
    Service: {
      Type: type,
      User: user,
      Group: user,
      SupplementaryGroups: groups,
      Environment: Object.entries(env).map(([key, value]) => [`${key}=${value}`]),
      LoadCredential: Object.entries(credentials).map(([key, path]) => `${key}:${path}`),
      ExecStartPre: prepare,
      ExecStart: [command],
      Restart: 'always',
      RestartSec: 1,
      TimeoutStopSec: stopTimeoutS,
      RuntimeDirectory: hasRuntimeFolder ? user : undefined,
      RuntimeDirectoryMode: hasRuntimeFolder ? '0750' : undefined,
      MemoryMax: memoryMaxBytes,
      UMask: '0027',
      ...hardening,
      ReadWritePaths: [writable],
      CapabilityBoundingSet: capabilities.join(' '),
      AmbientCapabilities: capabilities.join(' '),
    },
    Install: { WantedBy: 'multi-user.target' },
  })
  return { kind: 'unit', name, content, inputs: inputsOf(content, ...options.inputs) }
}

/** How a service gets the password of a database elsewhere; undefined where there is none. */
export function databasePassword(
  { user, name }: Pick<ServiceOptions, 'user' | 'name'>,
  hasPassword: boolean,
): Pick<ServiceOptions, 'env' | 'credentials' | 'prepare'> {
  if (!hasPassword) return {}
  // libpq accepts a password file only from its owner, and systemd's belongs to root.
  const file = `/run/${user}/pgpass`
  return {
    env: { PGPASSFILE: file },
    credentials: { pgpass: `${credentialsFolder}/pgpass` },
    prepare: [['/usr/bin/install', '-m', '0600', `/run/credentials/${name}/pgpass`, file]],
  }
}

/** A digest of everything that a program reads at its start; 64 bits tell two of them apart. */
function inputsOf(...parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:${part}`)
  return hash.digest('hex').slice(0, 16)
}
