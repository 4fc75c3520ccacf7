import type { Machine } from '../machine/machine.ts'

/** A folder, with who may enter it. */
export interface FolderResource {
  readonly kind: 'folder'
  readonly path: string
  readonly mode: number
  readonly owner: string
  readonly group: string
}

/** A file, whole: what is in it is what the plan says, or it is replaced. */
export interface FileResource {
  readonly kind: 'file'
  readonly path: string
  readonly content: string
  readonly mode: number
  readonly owner: string
  readonly group: string
  /** Units that read it at their start only: restarted where they started before the file was written. */
  readonly readBy?: readonly string[]
}

/** A file that the deploy carried to the machine, where it lies under its hash. */
export interface CarriedResource {
  readonly kind: 'carried'
  readonly path: string
  /** Of the content, hexadecimal. */
  readonly sha256: string
  readonly mode: number
}

/** A carried file that stays in the store, under its hash, until somebody needs it under its own name. */
export interface StoredFile {
  readonly name: string
  readonly sha256: string
}

/** A system account that nobody signs in to. */
export interface AccountResource {
  readonly kind: 'account'
  readonly name: string
  readonly home: string
  /** Groups it belongs to beside its own. */
  readonly groups: readonly string[]
}

/** Packages of the distribution; versions are the distribution's to keep. */
export interface PackagesResource {
  readonly kind: 'packages'
  readonly names: readonly string[]
  /** Carried packages to choose from, these and all they need; without them the machine's own sources are asked. */
  readonly carried?: readonly StoredFile[]
}

/** A systemd unit of ours: its file, that it starts at boot, and that it runs with what it was planned with. */
export interface UnitResource {
  readonly kind: 'unit'
  /** For instance `soen-mlflow.service`. */
  readonly name: string
  /** The unit's text, with `Type=exec` or `Type=notify`. */
  readonly content: string
  /**
   * Stands for everything that the running program read at its start: a change restarts it. Part of the unit's
   * own text, see `unitText`.
   */
  readonly inputs: string
}

/** A timer or a path unit of ours, and the service that it starts. */
export interface TriggerResource {
  readonly kind: 'trigger'
  /** For instance `soen-dns.timer`; its service is called `soen-dns.service`. */
  readonly name: string
  /** The timer's or path unit's text. */
  readonly content: string
  /** The service's text, with `Type=oneshot`. */
  readonly service: string
}

/** A timer or a path unit that settings of before asked for, and these do not. */
export interface RetiredTriggerResource {
  readonly kind: 'retired-trigger'
  readonly name: string
}

/** A Python environment with exactly what one hash-locked requirements file names. */
export interface PythonEnvironmentResource {
  readonly kind: 'python-environment'
  readonly path: string
  /** Path of the requirements on the machine. */
  readonly requirements: string
  /** Path of the installer. */
  readonly uv: string
  /** Carried wheels, which lie in the store under their hashes; without them they come from the registry. */
  readonly wheels?: readonly StoredFile[]
  /** Modules whose import compiles them and theirs: its programs run as users that may not write there. */
  readonly imports: readonly string[]
}

/** A PostgreSQL cluster of ours beside whatever others the machine has. */
export interface PostgresClusterResource {
  readonly kind: 'postgres-cluster'
  readonly name: string
  /** Names its unix socket; nothing of ours listens on TCP. */
  readonly port: number
  /** As PostgreSQL shows them, for instance `shared_buffers: '128MB'`. */
  readonly settings: Readonly<Record<string, string>>
}

/** A database and its owner, who is the system's account of that name: peer authentication, no password. */
export interface PostgresDatabaseResource {
  readonly kind: 'postgres-database'
  readonly name: string
  readonly owner: string
  /** The cluster's. */
  readonly port: number
}

/** A swap file. */
export interface SwapResource {
  readonly kind: 'swap'
  readonly path: string
  readonly sizeBytes: number
}

/** Kernel parameters, now and at each boot. */
export interface KernelParametersResource {
  readonly kind: 'kernel-parameters'
  /** Of the file below `/etc/sysctl.d`. */
  readonly name: string
  /** For instance `vm.swappiness: '10'`. */
  readonly values: Readonly<Record<string, string>>
}

/** A table of the packet filter, now and at each boot; tables of others are left alone. */
export interface FirewallResource {
  readonly kind: 'firewall'
  /** Of the table in the family `inet`, and of its unit. */
  readonly table: string
  /** What stands between the table's braces. */
  readonly rules: string
}

/** A server of ours that answers on its unix socket. */
export interface AnswerResource {
  readonly kind: 'answer'
  /** The server's unit. */
  readonly unit: string
  readonly socketPath: string
  /** For instance `/health`. */
  readonly path: string
  /** How long its start may take. */
  readonly timeoutMs: number
}

/** What deploys carried to the machine: of this one and of the one before, and of no other. */
export interface StoreResource {
  readonly kind: 'store'
  /** Folder of the carried files, each under its hash; the record of the two deploys lies beside it. */
  readonly path: string
  /** Hashes of what this deploy carried. */
  readonly files: readonly string[]
  /** Path of its Python environment; former ones are its neighbours. */
  readonly environment: string
}

/** One thing that has to be so on the machine. */
export type Resource =
  | FolderResource
  | FileResource
  | CarriedResource
  | AccountResource
  | PackagesResource
  | UnitResource
  | TriggerResource
  | RetiredTriggerResource
  | PythonEnvironmentResource
  | PostgresClusterResource
  | PostgresDatabaseResource
  | SwapResource
  | KernelParametersResource
  | FirewallResource
  | AnswerResource
  | StoreResource

/** What is not as planned; `is` is nothing where the thing does not exist. */
export interface Difference {
  readonly aspect: string
  readonly is: string | null
  readonly wanted: string
}

/** Differences of a part of a resource, each with the part's name in front. */
export function differencesOfPart(part: string, differences: readonly Difference[]): readonly Difference[] {
  return differences.map(({ aspect, is, wanted }) => ({ aspect: `${part} ${aspect}`, is, wanted }))
}

/** How one kind of resource is compared with the machine, and made so. */
export interface ResourceKind<R extends Resource> {
  /** Reads the machine, changes nothing. */
  differences(resource: R, machine: Machine): Promise<readonly Difference[]>
  /** Mends the differences. It may be killed at any instant: a second call must come to the same end. */
  apply(resource: R, machine: Machine): Promise<void>
}

/** How a person calls a resource: the same in the plan, in events and in errors. */
export function nameOf(resource: Resource): string {
  switch (resource.kind) {
    case 'packages':
      return `packages ${resource.names.join(' ')}`
    case 'carried':
      return `file ${resource.path}`
    case 'firewall':
      return `firewall ${resource.table}`
    case 'answer':
      return `answer of ${resource.socketPath}`
    case 'folder':
    case 'file':
    case 'store':
    case 'swap':
    case 'python-environment':
      return `${resource.kind} ${resource.path}`
    case 'account':
    case 'kernel-parameters':
    case 'postgres-cluster':
    case 'postgres-database':
    case 'retired-trigger':
    case 'trigger':
    case 'unit':
      return `${resource.kind} ${resource.name}`
  }
}
