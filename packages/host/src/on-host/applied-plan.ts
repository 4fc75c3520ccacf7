import { programFolder, settingsFolder } from '../layout.ts'
import type { Facts } from '../machine/facts.ts'
import type { Machine } from '../machine/machine.ts'
import { formerTargetPath, readRecord, recordMade, type Made } from '../machine/record.ts'
import { payloadPaths, type Payload } from '../payload.ts'
import { planFor } from '../plan.ts'
import { statOf } from '../resources/ownership.ts'
import { forRecord, fromRecord, nameOf, type Resource } from '../resources/resource.ts'
import type { ServerTarget } from '../server-target.ts'
import { minimumMemoryBytes } from '../sizing.ts'
import { notDeployed } from './deployed-target.ts'
import { ownResources } from './whole-plan.ts'

/**
 * Puts down what is about to be made, beside what earlier deploys made: other settings may have asked for more than
 * these do.
 */
export async function rememberPlan(machine: Machine, plan: readonly Resource[]): Promise<void> {
  const made = madeOf(plan)
  const names = new Set(made.map(({ name }) => name))
  const earlier = (await madeEarlier(machine)).filter(({ name }) => !names.has(name))
  await recordMade(machine, [...made, ...earlier])
}

/**
 * All that deploys made on the machine, in the order in which it is made.
 *
 * @throws HostError `SOEN_NOT_DEPLOYED`
 */
export async function appliedPlan(machine: Machine): Promise<readonly Resource[]> {
  const made = await madeEarlier(machine)
  // A first deploy may have been killed before it put down anything.
  const isBegun = made.length > 0 || (await isAnyThere([programFolder, settingsFolder], machine))
  if (!isBegun) throw notDeployed()
  return (made.length > 0 ? made : everythingOfOurs()).map(({ resource }) => fromRecord(resource))
}

async function madeEarlier(machine: Machine): Promise<readonly Made[]> {
  const record = await readRecord(machine)
  if (record !== undefined) return record.made
  return (await isAnyThere([formerTargetPath], machine)) ? everythingOfOurs() : []
}

async function isAnyThere(paths: readonly string[], machine: Machine): Promise<boolean> {
  const stats = await Promise.all(paths.map((path) => statOf(machine, path)))
  return stats.some((it) => it !== undefined)
}

/** What a version before the record may have made of a machine, by whatever settings and however large it was. */
function everythingOfOurs(): readonly Made[] {
  const plan = planFor(everyPart, { hasCaddy: true }, smallestMachine, anyPayload)
  return madeOf([...plan, ...ownResources(everyPart)])
}

const everyPart: ServerTarget = {
  where: 'ssh',
  host: { address: 'localhost', jump: [] },
  domain: 'localhost',
  tls: { mode: 'internal' },
  firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
  securityUpdates: true,
  database: 'postgres',
  artifacts: { uri: 'disk' },
}

const smallestMachine: Facts = {
  os: { id: 'debian', version: '12', name: 'Debian' },
  python: null,
  memoryBytes: minimumMemoryBytes,
  processors: 1,
  isContainer: false,
  sshPorts: [],
  listeners: [],
  hasForeignCaddy: false,
  allowed: [],
}

const anyPayload: Payload = {
  files: Object.values(payloadPaths).map((path) => ({ path, sha256: '0'.repeat(64) })),
}

/** A plan as it is put down, without what lies in a folder of ours or of data: it goes or stays with that. */
function madeOf(plan: readonly Resource[]): readonly Made[] {
  const folders = plan.flatMap((it) => (it.kind === 'folder' && it.holds !== undefined ? [it.path] : []))
  const isInner = (path: string): boolean => folders.some((folder) => path.startsWith(`${folder}/`))
  return plan
    .filter((resource) => !('path' in resource) || !isInner(resource.path))
    .map((resource) => ({ name: nameOf(resource), resource: forRecord(resource) }))
}
