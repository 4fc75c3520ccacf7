import { accounts, auditFolder } from '../layout.ts'
import type { CommandResult, Machine } from '../machine/machine.ts'
import { payloadPaths, placeOf } from '../payload.ts'
import { stateUrl } from '../auth-proxy-service.ts'
import { deployedTarget } from './whole-plan.ts'

/** One call of the front door's API. */
export interface ApiCall {
  readonly method: string
  readonly path: string
  readonly body: string
}

/**
 * Calls the front door's API on its state, by its own program and as its own user: it works while TLS or the
 * front door itself is broken.
 *
 * @throws HostError `SOEN_NOT_DEPLOYED`
 */
export async function callFrontDoor(
  { method, path, body }: ApiCall,
  machine: Machine,
): Promise<CommandResult> {
  const target = await deployedTarget(machine)
  const program = [placeOf(payloadPaths.node), placeOf(payloadPaths.authProxy)]
  const call = ['api', method, path, '--state', stateUrl(target), '--audit-folder', auditFolder]
  const asUser = ['-u', accounts.authProxy, '--', 'env', 'NODE_NO_WARNINGS=1']
  return machine.run('runuser', [...asUser, ...program, ...call], body)
}
