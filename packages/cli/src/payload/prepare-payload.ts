import { join } from 'node:path'
import { hostProgramPath, payloadPaths } from '@soen/host'
import { cacheFolder, lockedRequirements, mlflowDatabase, mlflowProgram } from '@soen/mlflow-server'
import type { Architecture } from './architecture.ts'
import { findBundles } from './bundles.ts'
import { carriedFile, type CarriedFile } from './carried-file.ts'
import { openHashBook } from './hash-book.ts'
import { lockedProgram } from './locked-program.ts'
import { nodeRuntime } from './node-runtime.ts'
import { readOfflineBundle } from './offline-bundle.ts'

/** The machine to prepare for, and where programs may be packed. */
export interface PreparePayloadOptions {
  readonly architecture: Architecture
  /** Whether the machine's distribution packages Caddy; otherwise it is carried. */
  readonly hasCaddy: boolean
  /** Path of a bundle for a machine without internet. */
  readonly offlineBundle?: string | undefined
  readonly folder: string
  readonly cache?: string
}

/** Prepares everything that a deploy carries to a machine. */
export async function preparePayload({
  architecture,
  hasCaddy,
  offlineBundle,
  folder,
  cache = cacheFolder(),
}: PreparePayloadOptions): Promise<readonly CarriedFile[]> {
  const bundles = await findBundles(folder)
  const hashes = await openHashBook(join(cache, 'carried', 'hashes.json'))
  const carry = (path: string, source: string): Promise<CarriedFile> => carriedFile(path, source, hashes)
  const files = await Promise.all([
    carry(payloadPaths.node, await nodeRuntime(architecture, cache)),
    carry(hostProgramPath, bundles.host),
    carry(payloadPaths.authProxy, bundles.authProxy),
    carry(payloadPaths.uv, await lockedProgram('uv', architecture, cache)),
    carry(payloadPaths.requirements, lockedRequirements.mlflow),
    carry(payloadPaths.mlflowProgram, mlflowProgram),
    carry(payloadPaths.mlflowDatabase, mlflowDatabase),
    ...(hasCaddy ? [] : [carry(payloadPaths.caddy, await lockedProgram('caddy', architecture, cache))]),
  ])
  const carried = offlineBundle === undefined ? [] : await readOfflineBundle(offlineBundle, { cache, hashes })
  await hashes.save()
  return [...files, ...carried]
}
