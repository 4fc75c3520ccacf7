import type { ReachOptions } from '../roads/ssh-road.ts'
import type { WhichTarget } from '../targets/find-target.ts'

/** What every verb about a server takes. */
export interface ServerOptions extends WhichTarget, ReachOptions {
  readonly json?: boolean
}
