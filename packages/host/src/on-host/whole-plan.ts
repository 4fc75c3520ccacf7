import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasErrorCode } from '@soen/mlflow-server'
import { HostError } from '../errors.ts'
import { settingsFolder } from '../layout.ts'
import { readFacts } from '../machine/facts.ts'
import type { Machine } from '../machine/machine.ts'
import { payloadPaths, placeOf, type Payload } from '../payload.ts'
import { serverPlan } from '../plan.ts'
import type { Resource } from '../resources/resource.ts'
import type { ServerTarget } from '../server-target.ts'
import { keptSecrets } from './kept-secrets.ts'

/** What the machine was last made for, without any secret: its own timers go by it. */
export const targetPath: string = `${settingsFolder}/target.json`

/** Where this program stands on the machine, below the program folder. */
export const hostProgramPath = 'host/main.mjs'

/** The plan of the server, and what this program adds for its own work. */
export async function wholePlan(
  machine: Machine,
  target: ServerTarget,
  payload: Payload,
): Promise<readonly Resource[]> {
  const secrets = { ...(await keptSecrets(machine)), ...payload.secrets }
  const facts = await readFacts(machine)
  return [...serverPlan(target, facts, { ...payload, secrets }), ...ownResources(target)]
}

function ownResources(target: ServerTarget): readonly Resource[] {
  const settings: Resource = {
    kind: 'file',
    path: targetPath,
    content: `${JSON.stringify(target, undefined, 2)}\n`,
    mode: 0o600,
    owner: 'root',
    group: 'root',
  }
  return target.where === 'ssh' ? [settings, allowListTimer] : [settings]
}

const allowListTimer: Resource = {
  kind: 'trigger',
  name: 'soen-allow-list.timer',
  content: `[Unit]
Description=Ends the entries of the allow list whose time is over

[Timer]
OnCalendar=*:0/10
AccuracySec=1min

[Install]
WantedBy=timers.target
`,
  service: `[Unit]
Description=Ends the entries of the allow list whose time is over

[Service]
Type=oneshot
Environment=NODE_NO_WARNINGS=1
ExecStart=${placeOf(payloadPaths.node)} ${placeOf(hostProgramPath)} expire
`,
}

/** What the machine was last made for; nothing where it never was. */
export async function readTarget(machine: Machine): Promise<ServerTarget | undefined> {
  try {
    const target: ServerTarget = JSON.parse(await readFile(join(machine.root, targetPath), 'utf8'))
    return target
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/**
 * What the machine was made for.
 *
 * @throws HostError `SOEN_NOT_DEPLOYED`
 */
export async function deployedTarget(machine: Machine): Promise<ServerTarget> {
  const target = await readTarget(machine)
  if (target !== undefined) return target
  throw new HostError('There is no server on this machine yet.', {
    code: 'SOEN_NOT_DEPLOYED',
    hint: 'Make it one first: soen deploy.',
  })
}
