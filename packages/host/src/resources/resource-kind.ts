import type { Machine } from '../machine/machine.ts'

/** How something differs from the plan; `is` is null where it does not exist. */
export interface Difference {
  readonly aspect: string
  readonly is: string | null
  readonly wanted: string
}

/** Differences of a part of a resource, each prefixed with the part's name. */
export function differencesOfPart(part: string, differences: readonly Difference[]): readonly Difference[] {
  return differences.map(({ aspect, is, wanted }) => ({ aspect: `${part} ${aspect}`, is, wanted }))
}

/** What a machine still has of a resource that is to be removed. */
export interface Remains {
  /** What will be removed, by name: `unit soen-dns.timer`. */
  readonly goes: readonly string[]
  /** What stays because it holds data or may belong to somebody else. */
  readonly stays?: readonly Kept[]
}

/** Something that no removal deletes. */
interface Kept {
  readonly what: string
  /** The shell command that deletes it for good, where there is one. */
  readonly removedBy?: string
}

/** There is nothing to remove or keep. */
export const nothing: Remains = { goes: [] }

/**
 * A kind of resource: how it is named, compared with the machine, applied and removed.
 *
 * Anything that changes the machine may be killed at any moment: calling it again must lead to the same result.
 */
export interface ResourceKind<R extends { readonly kind: string }> {
  /** The value of the resource's `kind`. */
  readonly kind: R['kind']
  /** The name shown to people: the same in the plan, in events and in errors. */
  name(resource: R): string
  /** The shell lines that create it, for people who go on without this kit. */
  shell(resource: R): readonly string[]
  /** What the machine's record keeps of it; by default everything. Must not contain secrets. */
  forRecord?(resource: R): R
  /** Reads the machine, changes nothing. */
  differences(resource: R, machine: Machine): Promise<readonly Difference[]>
  /** Removes the differences. */
  apply(resource: R, machine: Machine): Promise<void>
  /**
   * Reads what the machine has of it, changes nothing.
   *
   * @param going paths that are removed before it
   */
  remains(resource: R, machine: Machine, going: ReadonlySet<string>): Promise<Remains>
  /** Removes what `remains` lists; some of it may be gone already. */
  remove(resource: R, machine: Machine): Promise<void>
}
