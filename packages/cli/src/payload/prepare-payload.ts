import { hostProgramPath, payloadPaths } from '@soen/host'
import { cacheFolder, lockedRequirements, mlflowProgram } from '@soen/mlflow-server'
import type { Architecture } from './architecture.ts'
import { findBundles } from './bundles.ts'
import { carriedFile, type CarriedFile } from './carried-file.ts'
import { lockedProgram } from './locked-program.ts'
import { nodeRuntime } from './node-runtime.ts'

/** For which machine, and where programs may be packed. */
export interface PreparePayloadOptions {
  readonly architecture: Architecture
  /** Whether the machine's distribution has a package of Caddy; else it is carried. */
  readonly hasCaddy: boolean
  readonly folder: string
  readonly cache?: string
}

/** Everything that a deploy carries to a machine. */
export async function preparePayload({
  architecture,
  hasCaddy,
  folder,
  cache = cacheFolder(),
}: PreparePayloadOptions): Promise<readonly CarriedFile[]> {
  const bundles = await findBundles(folder)
  return Promise.all([
    carriedFile(payloadPaths.node, await nodeRuntime(architecture, cache)),
    carriedFile(hostProgramPath, bundles.host),
    carriedFile(payloadPaths.authProxy, bundles.authProxy),
    carriedFile(payloadPaths.uv, await lockedProgram('uv', architecture, cache)),
    carriedFile(payloadPaths.requirements, lockedRequirements.mlflow),
    carriedFile(payloadPaths.mlflowProgram, mlflowProgram),
    ...(hasCaddy ? [] : [carriedFile(payloadPaths.caddy, await lockedProgram('caddy', architecture, cache))]),
  ])
}
