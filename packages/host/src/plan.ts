import { authProxyService } from './auth-proxy-service.ts'
import { caddy } from './caddy.ts'
import { carriedFiles } from './carried-files.ts'
import { credentials } from './credentials.ts'
import type { Distribution } from './distributions.ts'
import { dnsUpdate } from './dns.ts'
import { firewall } from './firewall.ts'
import type { Facts } from './machine/facts.ts'
import { mlflowService } from './mlflow-service.ts'
import { environmentOf, payloadStore, storedFiles, type Payload, type StoredFile } from './payload.ts'
import { postgresServer } from './postgres.ts'
import { refuseUnfit } from './refuse-unfit.ts'
import type { Resource } from './resources/resource.ts'
import type { ServerTarget } from './server-target.ts'
import { sizingFor } from './sizing.ts'
import { securityUpdates, system } from './system.ts'

/**
 * What a server is made of, in the order in which it is applied.
 *
 * Pure: the same settings, facts and payload give the same plan; `applyPlan` applies it.
 *
 * @throws HostError for an unfit machine, see `refuseUnfit`
 */
export function serverPlan(target: ServerTarget, facts: Facts, payload: Payload): readonly Resource[] {
  return planFor(target, refuseUnfit(target, facts, payload), facts, payload)
}

/** The plan, without the check that the machine is fit for it. */
export function planFor(
  target: ServerTarget,
  distribution: Pick<Distribution, 'hasCaddy'>,
  facts: Facts,
  payload: Payload,
): readonly Resource[] {
  const sizing = sizingFor(facts)
  const packages = storedFiles(payload, 'packages/')
  const plan: readonly Resource[] = [
    ...system(facts, sizing),
    ...(target.securityUpdates ? securityUpdates : []),
    ...carriedFiles(payload),
    ...credentials(payload.secrets),
    ...(target.database === 'postgres' ? postgresServer(sizing) : []),
    ...mlflowService(target, payload, sizing),
    ...authProxyService(target, payload, sizing),
    // On AWS the security group does this.
    ...(target.where === 'ssh' ? firewall(target, facts) : []),
    ...caddy(target, distribution, payload),
    ...dnsUpdate(target),
    whatWasCarried(payload),
  ]
  return packages.length === 0 ? plan : plan.map((resource) => fromCarried(resource, packages))
}

function whatWasCarried(payload: Payload): Resource {
  const files = payload.files.map(({ sha256 }) => sha256)
  return { kind: 'store', path: payloadStore, files, environment: environmentOf(payload) }
}

function fromCarried(resource: Resource, carried: readonly StoredFile[]): Resource {
  return resource.kind === 'packages' ? { ...resource, carried } : resource
}
