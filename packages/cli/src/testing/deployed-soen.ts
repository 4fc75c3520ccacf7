import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockedRequirements } from '@soen/mlflow-server'
import { ensureSnapshot, temporaryFolder, waitUntil, type Suite } from '@soen/testbed'
import { packPrograms } from '../payload/pack-programs.ts'
import {
  deployTo,
  settings,
  startDeployingSoenBehindGate,
  type DeployingSoenBehindGate,
} from './deploying-soen.ts'

/** Boots a machine as `soen deploy` leaves it, behind a jump host. The deploy itself runs once for many of them. */
export async function startDeployedSoen(suite: Suite): Promise<DeployingSoenBehindGate> {
  const snapshot = await ensureSnapshot({
    suite,
    name: 'deployed',
    of: JSON.stringify({ settings, node: process.version, files: await whatIsCarried() }),
    async prepare(host) {
      await using team = await deployTo(host, suite)
      await team.ok('deploy')
    },
  })
  const team = await startDeployingSoenBehindGate(suite, snapshot)
  const isHealthy = async (): Promise<boolean> => (await team.soen(['status'])).status === 0
  await waitUntil(isHealthy, { what: 'a healthy server', timeoutMs: 240_000 })
  return team
}

/** Digests of the carried programs, and of what is installed with them. */
async function whatIsCarried(): Promise<readonly string[]> {
  using programs = temporaryFolder('programs')
  await packPrograms(programs.path)
  const files = readdirSync(programs.path).map((name) => join(programs.path, name))
  return [...files, ...Object.values(lockedRequirements)].map((file) =>
    createHash('sha256').update(readFileSync(file)).digest('hex'),
  )
}
