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

/** Records what is about to be made, besides what earlier deploys made: their settings may have asked for more. */
export async function rememberPlan(machine: Machine, plan: readonly Resource[]): Promise<void> {
  const made = madeOf(plan)
  const names = new Set(made.map(({ name }) => name))
  const earlier = (await madeEarlier(machine)).filter(({ name }) => !names.has(name))
  await recordMade(machine, [...made, ...earlier])
}

/**
 * Everything that deploys made on the machine, in the order in which it was made.
 *
 * @throws HostError `SOEN_NOT_DEPLOYED`
 */
export async function appliedPlan(machine: Machine): Promise<readonly Resource[]> {
  const made = await madeEarlier(machine)
  // A first deploy may have been killed before it recorded anything.
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

/** Everything that a version without a record may have made, under any settings and on a machine of any size. */
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

/**
 * A plan as it is recorded, without the contents of our own and of data folders: they go or stay with their folder.
 */
function madeOf(plan: readonly Resource[]): readonly Made[] {
  const folders = plan.flatMap((it) => (it.kind === 'folder' && it.holds !== undefined ? [it.path] : []))
  const isInner = (path: string): boolean => folders.some((folder) => path.startsWith(`${folder}/`))
  return plan
    .filter((resource) => !('path' in resource) || !isInner(resource.path))
    .map((resource) => ({ name: nameOf(resource), resource: forRecord(resource) }))
}
