import { cacheFolder, hostProgramPath, lockedRequirements, payloadPaths } from '@soen/host'
import type { Architecture } from './architecture.ts'
import { findBundles } from './bundles.ts'
import { carriedFile, type CarriedFile } from './carried-file.ts'
import { nodeRuntime } from './node-runtime.ts'
import { uvProgram } from './uv-program.ts'

/** Everything that a deploy carries to a machine with this processor; programs may be packed in the folder. */
export async function preparePayload(
  architecture: Architecture,
  folder: string,
  cache: string = cacheFolder(),
): Promise<readonly CarriedFile[]> {
  const bundles = await findBundles(folder)
  return Promise.all([
    carriedFile(payloadPaths.node, await nodeRuntime(architecture, cache)),
    carriedFile(hostProgramPath, bundles.host),
    carriedFile(payloadPaths.authProxy, bundles.authProxy),
    carriedFile(payloadPaths.uv, await uvProgram(architecture, cache)),
    carriedFile(payloadPaths.requirements, lockedRequirements.mlflow),
  ])
}
