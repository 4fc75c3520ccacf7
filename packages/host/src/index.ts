export { applyPlan, type ApplyPlanOptions, type PlanEvent } from './apply-plan.ts'
export { checkStorage, type CheckStorageOptions } from './check-storage.ts'
export { distributionOf, type Distribution } from './distributions.ts'
export { ensureMlflow, mlflowVersion } from './ensure-mlflow.ts'
export { hasErrorCode, HostError, type HostErrorDetails } from './errors.ts'
export { cacheFolder, configFolder, dataFolder, type Surroundings } from './folders.ts'
export { lockedRequirements } from './locked-requirements.ts'
export {
  maxSocketPathBytes,
  mlflowProfile,
  mlflowProgram,
  type MlflowProfileOptions,
  type ProgramPlan,
} from './mlflow-profile.ts'
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
export { groupMemory, type GroupMemory } from './process/group-memory.ts'
export { startGuarded, type GuardedProgram, type GuardOptions, type ProgramExit } from './process/guard.ts'
export { openRotatingLog, type RotatingLog, type RotatingLogOptions } from './process/rotating-log.ts'
export {
  supervise,
  type SuperviseOptions,
  type SupervisionEvent,
  type Supervisor,
} from './process/supervise.ts'
export { buildInPlace, type BuildingSite } from './python-environment/build-in-place.ts'
export {
  ensureEnvironment,
  silently,
  type EnsureEnvironmentOptions,
  type PythonEnvironment,
  type Step,
} from './python-environment/ensure-environment.ts'
export { ensureUv, type EnsureUvOptions } from './python-environment/ensure-uv.ts'
export { findPython, type FindPythonOptions, type Python } from './python-environment/find-python.ts'
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
