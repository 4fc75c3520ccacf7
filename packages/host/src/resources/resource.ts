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

/** One thing that has to be so on the machine. */
export type Resource = FolderResource | FileResource | AccountResource | PackagesResource | UnitResource

/** What is not as planned; `is` is nothing where the thing does not exist. */
export interface Difference {
  readonly aspect: string
  readonly is: string | null
  readonly wanted: string
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
    case 'folder':
    case 'file':
      return `${resource.kind} ${resource.path}`
    case 'packages':
      return `packages ${resource.names.join(' ')}`
    case 'account':
    case 'unit':
      return `${resource.kind} ${resource.name}`
  }
}
