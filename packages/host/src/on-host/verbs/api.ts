import { stateUrl } from '../../auth-proxy-service.ts'
import { accounts, auditFolder, auditSignaturesFolder } from '../../layout.ts'
import type { CommandResult } from '../../machine/machine.ts'
import { payloadPaths, placeOf } from '../../payload.ts'
import { deployedTarget } from '../deployed-target.ts'
import type { Verb } from '../verb.ts'

/** One call of the front door's API. */
interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly body: string
}

/**
 * Calls the front door's API directly on its state, by its own program and as its own user, so that it works even
 * while TLS or the front door itself is broken. The front door's own audit records who did what.
 *
 * @throws HostError `SOEN_NOT_DEPLOYED`
 */
export const api: Verb<ApiRequest, CommandResult> = {
  fields: { method: 'string', path: 'string', body: 'string' },
  async run({ method, path, body }, { machine }) {
    const target = await deployedTarget(machine)
    const program = [placeOf(payloadPaths.node), placeOf(payloadPaths.authProxy)]
    const audit = ['--audit-folder', auditFolder, '--audit-signatures', auditSignaturesFolder]
    const call = ['api', method, path, '--state', stateUrl(target), ...audit]
    const asUser = ['-u', accounts.authProxy, '--', 'env', 'NODE_NO_WARNINGS=1']
    return machine.run('runuser', [...asUser, ...program, ...call], body)
  },
}
