export { applyPlan, type ApplyPlanOptions, type PlanEvent } from './apply-plan.ts'
export { distributionOf, type Distribution } from './distributions.ts'
export { HostError, hostErrorPages, type HostErrorCode, type HostErrorDetails } from './errors.ts'
export { allowListPath, readFacts, type AllowedAddress, type Facts, type Listener } from './machine/facts.ts'
export { payloadPaths, payloadStore, type Payload, type PayloadFile, type ServerSecrets } from './payload.ts'
export { serverPlan } from './plan.ts'
export type { ServerTarget } from './server-target.ts'
export { programFolder, setupSecretFile, sockets, stateFolders, units } from './layout.ts'
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
export type { Difference } from './resources/resource-kind.ts'
export { nameOf, type Resource } from './resources/resource.ts'
export { unitText, type UnitResource } from './resources/unit.ts'
