import { HostError } from '../errors.ts'
import type { Machine } from '../machine/machine.ts'
import type { RecordedResource } from '../machine/record.ts'
import * as kinds from './kinds.ts'
import type { Difference, Remains, ResourceKind } from './resource-kind.ts'

type ResourceOf<Kind> = Kind extends ResourceKind<infer R> ? R : never

/** One thing that has to be so on the machine. */
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

/** How a person calls a resource: the same in the plan, in events and in errors. */
export function nameOf(resource: Resource): string {
  return kindOf(resource).name(resource)
}

/** A resource as the shell that makes it. */
export function shellOf(resource: Resource): string {
  return `# ${nameOf(resource)}\n${kindOf(resource).shell(resource).join('\n')}\n`
}

/** A resource as the machine's record keeps it: what removing it needs, and nothing secret. */
export function forRecord(resource: Resource): Resource {
  return kindOf(resource).forRecord?.(resource) ?? resource
}

/** A resource that the record has; one of a kind that this version does not know is refused when it is used. */
export function fromRecord(recorded: RecordedResource): Resource {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `forRecord` wrote it
  return recorded as Resource
}

/** How a resource differs from the plan. */
export function differencesOf(resource: Resource, machine: Machine): Promise<readonly Difference[]> {
  return kindOf(resource).differences(resource, machine)
}

/** Makes a resource as planned. */
export function applyResource(resource: Resource, machine: Machine): Promise<void> {
  return kindOf(resource).apply(resource, machine)
}

/** What is there of a resource that is to be removed; `going` are paths that are taken away before it. */
export function remainsOf(
  resource: Resource,
  machine: Machine,
  going: ReadonlySet<string>,
): Promise<Remains> {
  return kindOf(resource).remains(resource, machine, going)
}

/** Takes away what goes of a resource. */
export function removeResource(resource: Resource, machine: Machine): Promise<void> {
  return kindOf(resource).remove(resource, machine)
}
