export { applyPlan, type ApplyPlanOptions, type PlanEvent } from './apply-plan.ts'
export { distributionOf, type Distribution } from './distributions.ts'
export { HostError, type HostErrorDetails } from './errors.ts'
export { allowListPath, readFacts, type AllowedAddress, type Facts, type Listener } from './machine/facts.ts'
export {
  payloadPaths,
  payloadStore,
  programFolder,
  type Payload,
  type PayloadFile,
  type ServerSecrets,
} from './payload.ts'
export { serverPlan } from './plan.ts'
export type { ServerTarget } from './server-target.ts'
export { setupSecretFile, sockets, stateFolders, units } from './layout.ts'
export type {
  AllowRequest,
  ApplyRequest,
  ApplyResult,
  AuditEntry,
  CertificateReport,
  OnHostEvent,
  OnHostRequest,
  ServerStatus,
} from './on-host/protocol.ts'
export type { AllowListReport } from './on-host/allow-list.ts'
export type { DestroyReport } from './on-host/destroy.ts'
export type { SupportFile } from './on-host/support.ts'
export { hostProgramPath } from './on-host/whole-plan.ts'
export { thisMachine, type CommandResult, type Machine, type ThisMachineOptions } from './machine/machine.ts'
export {
  nameOf,
  type AccountResource,
  type AnswerResource,
  type CarriedResource,
  type Difference,
  type FileResource,
  type FirewallResource,
  type FolderResource,
  type KernelParametersResource,
  type PackagesResource,
  type PostgresClusterResource,
  type PostgresDatabaseResource,
  type PythonEnvironmentResource,
  type Resource,
  type RetiredTriggerResource,
  type StoreResource,
  type SwapResource,
  type TriggerResource,
  type UnitResource,
} from './resources/resource.ts'
export { unitText } from './resources/unit.ts'
