/*
 * The kinds of resource that a plan can have, one line each. `resource.ts` derives from this list the type of a
 * resource and its operations.
 */
export { accountKind } from './account.ts'
export { answerKind } from './answer.ts'
export { carriedKind } from './carried.ts'
export { fileKind } from './file.ts'
export { firewallKind } from './firewall.ts'
export { folderKind } from './folder.ts'
export { kernelParametersKind } from './kernel-parameters.ts'
export { packagesKind } from './packages.ts'
export { postgresClusterKind } from './postgres-cluster.ts'
export { postgresDatabaseKind } from './postgres-database.ts'
export { pythonEnvironmentKind } from './python-environment.ts'
export { retiredTriggerKind } from './retired-trigger.ts'
export { storeKind } from './store.ts'
export { swapKind } from './swap.ts'
export { triggerKind } from './trigger.ts'
export { unitKind } from './unit.ts'
