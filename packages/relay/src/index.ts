/**
 * MLflow's tracking API on loopback, answered from the client's journal: `@soen/relay`.
 *
 * @module relay
 */

export { startRelay } from './relay.ts'
export type { Relay, RelayOptions } from './relay.ts'
export { NotStarted, runProgram } from './run-program.ts'
export type { ProgramEnd, ProgramOptions } from './run-program.ts'
export type { JobRun, RelayedRuns } from './relayed-runs.ts'
export type { RelayedRun } from './relayed-run.ts'
export type { Shown } from './console-log.ts'
