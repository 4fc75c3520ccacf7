import { distributionOf, distributions, type Distribution } from './distributions.ts'
import { HostError } from './errors.ts'
import type { Facts } from './machine/facts.ts'
import { payloadPaths, type Payload } from './payload.ts'
import type { ServerTarget } from './server-target.ts'
import { minimumMemoryBytes } from './sizing.ts'

/**
 * Refuses an unfit machine before anything is changed on it; returns its release otherwise.
 *
 * @throws HostError `SOEN_OS_UNSUPPORTED`, `SOEN_HOST_PYTHON_MISSING`, `SOEN_HOST_PYTHON_TOO_OLD`,
 * `SOEN_MEMORY_TOO_SMALL`, `SOEN_PORT_TAKEN`, `SOEN_ALLOW_LIST_EMPTY` or `SOEN_PAYLOAD_INCOMPLETE`
 */
export function refuseUnfit(target: ServerTarget, facts: Facts, payload: Payload): Distribution {
  const distribution = fitDistribution(facts)
  refuseOldPython(facts)
  refuseLittleMemory(facts)
  refuseTakenPorts(facts)
  refuseLockingOut(target, facts)
  refuseIncomplete(distribution, payload)
  return distribution
}

function fitDistribution(facts: Facts): Distribution {
  const distribution = distributionOf(facts)
  if (distribution !== undefined) return distribution
  const { os } = facts
  const fit = distributions.map(({ id, version }) => `${id === 'debian' ? 'Debian' : 'Ubuntu'} ${version}`)
  const why =
    os.id === 'debian' && Number(os.version) < 12
      ? ': its Python is too old for MLflow, and its security support is over'
      : ''
  throw new HostError(`This machine runs ${os.name}, which is not supported${why}.`, {
    code: 'SOEN_OS_UNSUPPORTED',
    hint: `Deploy to a machine with ${fit.slice(0, -1).join(', ')} or ${fit.at(-1)}.`,
  })
}

function refuseOldPython({ python }: Facts): void {
  const [major = 0, minor = 0] = (python ?? '').split('.').map(Number)
  if (major === 3 && minor >= 10) return
  throw new HostError(`MLflow needs Python 3.10 or newer; this machine has ${python ?? 'none'}.`, {
    code: python === null ? 'SOEN_HOST_PYTHON_MISSING' : 'SOEN_HOST_PYTHON_TOO_OLD',
    hint: "Install the distribution's own: apt-get install python3.",
  })
}

function refuseLittleMemory({ memoryBytes }: Facts): void {
  if (memoryBytes >= minimumMemoryBytes) return
  const megabytes = Math.floor(memoryBytes / 1e6)
  throw new HostError(`This machine has ${megabytes} MB of memory, and a server needs 1 GB.`, {
    code: 'SOEN_MEMORY_TOO_SMALL',
    hint: 'Choose a machine with 1 GB or more; 2 GB serve a team of twenty.',
  })
}

/** The web's ports, and which programs of ours may be listening there already. */
function refuseTakenPorts({ listeners, hasForeignCaddy }: Facts): void {
  const taken = listeners.find(
    ({ port, program }) => [80, 443].includes(port) && (program !== 'caddy' || hasForeignCaddy),
  )
  if (taken === undefined) return
  throw new HostError(`Port ${taken.port} of this machine is taken by ${taken.program}.`, {
    code: 'SOEN_PORT_TAKEN',
    hint: `Stop ${taken.program} for good (systemctl disable --now ${taken.program}), or choose another machine.`,
  })
}

function refuseLockingOut(target: ServerTarget, { allowed }: Facts): void {
  if (target.where !== 'ssh') return
  const shut = (['ssh', 'web'] as const).find(
    (door) => target.firewall[door] === 'listed' && !allowed.some((entry) => entry.door === door),
  )
  if (shut === undefined) return
  throw new HostError(`\`firewall.${shut}: listed\` would lock everybody out: the allow list is empty.`, {
    code: 'SOEN_ALLOW_LIST_EMPTY',
    hint: 'Put yourself on it first: soen allow-ip me.',
  })
}

function refuseIncomplete({ hasCaddy }: Distribution, { files }: Payload): void {
  const needed = Object.values(payloadPaths).filter((path) => path !== payloadPaths.caddy || !hasCaddy)
  const missing = needed.find((path) => !files.some((file) => file.path === path))
  if (missing === undefined) return
  throw new HostError(`The deploy did not carry ${missing} to this machine.`, {
    code: 'SOEN_PAYLOAD_INCOMPLETE',
    hint: 'Deploy from a clone of the repository in which `git status` names nothing as deleted.',
  })
}
