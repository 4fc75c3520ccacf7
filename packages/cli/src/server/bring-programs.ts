import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Payload, ServerSecrets } from '@soen/host'
import { distributionOf, hostProgramPath, payloadPaths } from '@soen/host'
import type { Terminal } from '../output/terminal.ts'
import { architectureOf } from '../payload/architecture.ts'
import { preparePayload } from '../payload/prepare-payload.ts'
import type { HostProgram } from '../roads/call-host.ts'
import type { Road } from '../roads/road.ts'

/** The programs that a deploy uses on the machine. */
export interface Brought extends AsyncDisposable {
  readonly program: HostProgram
  readonly payload: Payload
  readonly sentBytes: number
}

/** How the programs are delivered. */
export interface BringOptions {
  /** Changes nothing: whatever is delivered is removed again. */
  readonly isLookingOnly: boolean
  /** Path of a bundle for a machine without internet. */
  readonly offlineBundle?: string | undefined
}

/** Delivers to the machine the programs that it does not have. */
export async function bringPrograms(
  road: Road,
  { isLookingOnly, offlineBundle }: BringOptions,
  terminal: Terminal,
): Promise<Brought> {
  const architecture = architectureOf(road.probe.machine)
  // The plan refuses an unknown release.
  const hasCaddy = distributionOf(road.probe)?.hasCaddy ?? true
  await using folder = await mkdtempDisposable(join(tmpdir(), 'soen-deploy-'))
  const files = await terminal.step('Preparing the programs', () =>
    preparePayload({ architecture, hasCaddy, offlineBundle, folder: folder.path }),
  )
  const carried = isLookingOnly
    ? files.filter(({ path }) => path === payloadPaths.node || path === hostProgramPath)
    : files
  const delivered = await terminal.step('Carrying the programs to the machine', () =>
    road.deliver(carried, { isTemporary: isLookingOnly }),
  )
  const { temporaryFolder, sentBytes, sentFiles } = delivered
  const what = sentFiles.length <= 5 ? sentFiles.join(', ') : `${sentFiles.length} files`
  if (sentBytes > 0) terminal.note(`  ${(sentBytes / 1e6).toFixed(1)} MB: ${what}`)
  return {
    program: { node: delivered.place(payloadPaths.node), program: delivered.place(hostProgramPath) },
    payload: { files: files.map(({ path, sha256 }) => ({ path, sha256 })), ...secretsOf(process.env) },
    sentBytes,
    async [Symbol.asyncDispose]() {
      if (temporaryFolder !== undefined) await road.run(['rm', '-rf', temporaryFolder])
    },
  }
}

/** The deploying user gives secrets by the environment, once; the machine keeps them. */
function secretsOf(env: NodeJS.ProcessEnv): { readonly secrets?: ServerSecrets } {
  const databasePassword = env['SOEN_DATABASE_PASSWORD']
  const accessKeyId = env['SOEN_S3_ACCESS_KEY_ID']
  const secretAccessKey = env['SOEN_S3_SECRET_ACCESS_KEY']
  const dnsToken = env['SOEN_DNS_TOKEN']
  const secrets: ServerSecrets = {
    ...(databasePassword !== undefined && { databasePassword }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { s3: { accessKeyId, secretAccessKey } }),
    ...(dnsToken !== undefined && { dnsToken }),
  }
  return Object.keys(secrets).length === 0 ? {} : { secrets }
}
