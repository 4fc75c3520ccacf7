import { HostError } from './errors.ts'
import type { Machine } from './machine/machine.ts'
import type { Difference } from './resources/resource-kind.ts'
import { applyResource, differencesOf, nameOf, type Resource } from './resources/resource.ts'

/** What applying did to one resource; events come in the plan's order. */
export interface PlanEvent {
  readonly type: 'unchanged' | 'would-change' | 'changed'
  readonly resource: string
  readonly differences: readonly Difference[]
  readonly durationMs: number
}

/** Options for applying a plan. */
export interface ApplyPlanOptions {
  readonly machine: Machine
  /** Report differences only, change nothing. */
  readonly isDryRun?: boolean
}

/**
 * Brings a machine to the planned state: each resource is read, compared, changed if it differs, and read again.
 *
 * @throws HostError `SOEN_RESOURCE_FAILED` at the first resource that fails; those before it stay applied, and
 * another run continues from there
 */
export async function* applyPlan(
  plan: readonly Resource[],
  { machine, isDryRun = false }: ApplyPlanOptions,
): AsyncGenerator<PlanEvent> {
  if (!isDryRun) await machine.takeOver()
  for (const resource of plan) {
    const startedAt = performance.now()
    const differences = await differencesOf(resource, machine)
    const isAsPlanned = differences.length === 0
    if (!isAsPlanned && !isDryRun) await mend(resource, machine)
    yield {
      type: isAsPlanned ? 'unchanged' : isDryRun ? 'would-change' : 'changed',
      resource: nameOf(resource),
      differences,
      durationMs: Math.round(performance.now() - startedAt),
    }
  }
}

async function mend(resource: Resource, machine: Machine): Promise<void> {
  try {
    await applyResource(resource, machine)
  } catch (cause) {
    throw failed(`${nameOf(resource)} could not be made as planned.`, cause)
  }
  const left = await differencesOf(resource, machine)
  if (left.length === 0) return
  const what = left
    .map(({ aspect, is, wanted }) => `${aspect} is ${is ?? 'missing'}, not ${wanted}`)
    .join('; ')
  throw failed(`${nameOf(resource)} did not stay as it was made: ${what}.`)
}

function failed(message: string, cause?: unknown): HostError {
  return new HostError(message, {
    code: 'SOEN_RESOURCE_FAILED',
    hint: 'Mend what it names on the machine and deploy again: it goes on where it stopped.',
    cause,
  })
}
