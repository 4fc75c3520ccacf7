import type { Machine } from '../machine/machine.ts'

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

/** What is on a machine of a resource that is to be removed. */
export interface Remains {
  /** What goes, by name: `unit soen-dns.timer`. */
  readonly goes: readonly string[]
  /** What stays, because it holds data or may be somebody else's. */
  readonly stays?: readonly Kept[]
}

/** Something that no removal takes away. */
interface Kept {
  readonly what: string
  /** The shell command that takes it away for good, where there is one. */
  readonly removedBy?: string
}

/** Nothing that goes or stays. */
export const nothing: Remains = { goes: [] }

/**
 * One kind of resource: how it is called, compared with the machine, made so, and taken away again.
 *
 * What changes the machine may be killed at any instant: a second call must come to the same end.
 */
export interface ResourceKind<R extends { readonly kind: string }> {
  /** The value of the resource's `kind`. */
  readonly kind: R['kind']
  /** How a person calls a resource: the same in the plan, in events and in errors. */
  name(resource: R): string
  /** The lines of shell that make it, for people who go on without this kit. */
  shell(resource: R): readonly string[]
  /** As the machine's record keeps it; without this, whole. Nothing secret may be in the record. */
  forRecord?(resource: R): R
  /** Reads the machine, changes nothing. */
  differences(resource: R, machine: Machine): Promise<readonly Difference[]>
  /** Mends the differences. */
  apply(resource: R, machine: Machine): Promise<void>
  /**
   * Reads what is there of it, changes nothing.
   *
   * @param going paths that are taken away before it
   */
  remains(resource: R, machine: Machine, going: ReadonlySet<string>): Promise<Remains>
  /** Takes away what goes; there may be nothing of it any more. */
  remove(resource: R, machine: Machine): Promise<void>
}
