import { readFacts } from '../machine/facts.ts'
import type { Machine } from '../machine/machine.ts'
import { payloadPaths, placeOf, type Payload } from '../payload.ts'
import { serverPlan } from '../plan.ts'
import type { Resource } from '../resources/resource.ts'
import type { ServerTarget } from '../server-target.ts'
import { systemdUnit } from '../systemd-unit.ts'
import { keptSecrets } from './kept-secrets.ts'

/** The path of this program on the machine, below the program folder. */
export const hostProgramPath = 'host/main.mjs'

/** The server's plan, together with what this program needs for its own work. */
export async function wholePlan(
  machine: Machine,
  target: ServerTarget,
  payload: Payload,
): Promise<readonly Resource[]> {
  const secrets = { ...(await keptSecrets(machine)), ...payload.secrets }
  const plan = serverPlan(target, await readFacts(machine), { ...payload, secrets })
  return [...plan, ...ownResources(target)]
}

/** What this program adds to the plan of a server. */
export function ownResources({ where }: Pick<ServerTarget, 'where'>): readonly Resource[] {
  return where === 'ssh' ? [allowListTimer] : []
}

const description = 'Ends the entries of the allow list whose time is over'

const allowListTimer: Resource = {
  kind: 'trigger',
  name: 'soen-allow-list.timer',
  content: systemdUnit({
    Unit: { Description: description },
    Timer: { OnCalendar: '*:0/10', AccuracySec: '1min' },
    Install: { WantedBy: 'timers.target' },
  }),
  service: systemdUnit({
    Unit: { Description: description },
    // It applies a part of the plan, so it needs the rights of a deploy.
    Service: {
      Type: 'oneshot',
      Environment: 'NODE_NO_WARNINGS=1',
      ExecStart: [[placeOf(payloadPaths.node), placeOf(hostProgramPath), 'expire']],
    },
  }),
}
