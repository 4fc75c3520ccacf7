import type { Machine } from '../machine/machine.ts'
import { accountKind } from './account.ts'
import { answerKind } from './answer.ts'
import { carriedKind } from './carried.ts'
import { fileKind } from './file.ts'
import { firewallKind } from './firewall.ts'
import { folderKind } from './folder.ts'
import { kernelParametersKind } from './kernel-parameters.ts'
import { packagesKind } from './packages.ts'
import { postgresClusterKind } from './postgres-cluster.ts'
import { postgresDatabaseKind } from './postgres-database.ts'
import { pythonEnvironmentKind } from './python-environment.ts'
import type { Difference, Resource, ResourceKind } from './resource.ts'
import { storeKind } from './store.ts'
import { swapKind } from './swap.ts'
import { retiredTriggerKind, triggerKind } from './trigger.ts'
import { unitKind } from './unit.ts'

/** How any resource differs from the plan. */
export function differencesOf(resource: Resource, machine: Machine): Promise<readonly Difference[]> {
  return onMachine(resource, machine).differences()
}

/** Makes any resource as planned. */
export function applyResource(resource: Resource, machine: Machine): Promise<void> {
  return onMachine(resource, machine).apply()
}

/** One resource with its kind and its machine. */
interface ResourceOnMachine {
  differences(): Promise<readonly Difference[]>
  apply(): Promise<void>
}

function onMachine(resource: Resource, machine: Machine): ResourceOnMachine {
  const by = <R extends Resource>(kind: ResourceKind<R>, it: R): ResourceOnMachine => ({
    differences: () => kind.differences(it, machine),
    apply: () => kind.apply(it, machine),
  })
  switch (resource.kind) {
    case 'folder':
      return by(folderKind, resource)
    case 'file':
      return by(fileKind, resource)
    case 'carried':
      return by(carriedKind, resource)
    case 'account':
      return by(accountKind, resource)
    case 'packages':
      return by(packagesKind, resource)
    case 'unit':
      return by(unitKind, resource)
    case 'trigger':
      return by(triggerKind, resource)
    case 'retired-trigger':
      return by(retiredTriggerKind, resource)
    case 'python-environment':
      return by(pythonEnvironmentKind, resource)
    case 'postgres-cluster':
      return by(postgresClusterKind, resource)
    case 'postgres-database':
      return by(postgresDatabaseKind, resource)
    case 'swap':
      return by(swapKind, resource)
    case 'kernel-parameters':
      return by(kernelParametersKind, resource)
    case 'firewall':
      return by(firewallKind, resource)
    case 'answer':
      return by(answerKind, resource)
    case 'store':
      return by(storeKind, resource)
  }
}
