export { checkStorage, type CheckStorageOptions } from './check-storage.ts'
export { ensureMlflow, mlflowVersion } from './ensure-mlflow.ts'
export {
  hasErrorCode,
  MlflowServerError,
  mlflowServerErrorPages,
  type MlflowServerErrorCode,
  type MlflowServerErrorDetails,
} from './errors.ts'
export { cacheFolder, configFolder, dataFolder, type Surroundings } from './folders.ts'
export { launcherNote, launcherRefusal } from './launcher-words.ts'
export { lockedRequirements } from './locked-requirements.ts'
export {
  maxConnectionsPerWorker,
  maxSocketPathBytes,
  mlflowDatabase,
  mlflowProfile,
  mlflowProgram,
  type MlflowProfileOptions,
} from './mlflow-profile.ts'
export { groupMemory, type GroupMemory } from './process/group-memory.ts'
export { startGuarded, type GuardedProgram, type GuardOptions, type ProgramExit } from './process/guard.ts'
export type { ProgramPlan } from './process/program-plan.ts'
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
