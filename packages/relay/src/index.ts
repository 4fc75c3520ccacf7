/**
 * MLflow's tracking API on loopback, answered from the client's journal: `@soen/relay`.
 *
 * @module relay
 */

export { startRelay } from './relay.ts'
export type { Relay, RelayOptions } from './relay.ts'
