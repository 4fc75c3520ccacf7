import type { ReachOptions } from '../roads/ssh-road.ts'
import type { WhichTarget } from '../targets/find-target.ts'

/** The options that all verbs about a server have. */
export interface ServerOptions extends WhichTarget, ReachOptions {
  readonly json?: boolean
}
