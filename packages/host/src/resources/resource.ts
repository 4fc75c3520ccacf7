import { HostError } from '../errors.ts'
import type { Machine } from '../machine/machine.ts'
import type { RecordedResource } from '../machine/record.ts'
import * as kinds from './kinds.ts'
import type { Difference, Remains, ResourceKind } from './resource-kind.ts'

type ResourceOf<Kind> = Kind extends ResourceKind<infer R> ? R : never

/** One thing that the machine is to have. */
export type Resource = ResourceOf<(typeof kinds)[keyof typeof kinds]>

const kindsByName: ReadonlyMap<string, unknown> = new Map(Object.values(kinds).map((it) => [it.kind, it]))

function kindOf<R extends Resource>({ kind }: R): ResourceKind<R> {
  const found = kindsByName.get(kind)
  if (found === undefined) {
    throw new HostError(`This version knows no resource of the kind ${kind}.`, {
      code: 'SOEN_RESOURCE_FAILED',
      hint: 'Use the version of soen that made it.',
    })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a kind is found by its resources' own `kind`
  return found as ResourceKind<R>
}

/** The name shown to people: the same in the plan, in events and in errors. */
export function nameOf(resource: Resource): string {
  return kindOf(resource).name(resource)
}

/** The shell lines that create a resource. */
export function shellOf(resource: Resource): string {
  return `# ${nameOf(resource)}\n${kindOf(resource).shell(resource).join('\n')}\n`
}

/** A resource for the machine's record: what its removal needs, without secrets. */
export function forRecord(resource: Resource): Resource {
  return kindOf(resource).forRecord?.(resource) ?? resource
}

/** A resource from the record; one of a kind that this version does not know is refused when it is used. */
export function fromRecord(recorded: RecordedResource): Resource {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `forRecord` wrote it
  return recorded as Resource
}

/** How a resource differs from the plan. */
export function differencesOf(resource: Resource, machine: Machine): Promise<readonly Difference[]> {
  return kindOf(resource).differences(resource, machine)
}

/** Brings a resource to its planned state. */
export function applyResource(resource: Resource, machine: Machine): Promise<void> {
  return kindOf(resource).apply(resource, machine)
}

/** What the machine has of a resource that is to be removed; `going` are paths that are removed before it. */
export function remainsOf(
  resource: Resource,
  machine: Machine,
  going: ReadonlySet<string>,
): Promise<Remains> {
  return kindOf(resource).remains(resource, machine, going)
}

/** Removes a resource, except what stays. */
export function removeResource(resource: Resource, machine: Machine): Promise<void> {
  return kindOf(resource).remove(resource, machine)
}
