import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from './run.mjs'
import { installStep } from './say.mjs'
import { pnpmEnv } from './toolchain.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const stamp = join(root, 'node_modules', '.prepared')

/** Installs the workspace from its lockfile, unless that was done for this very lockfile. */
export async function ensureWorkspace(env) {
  const wanted = await fingerprint()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return
  const task = 'Installing the workspace'
  const args = ['install', '--frozen-lockfile', '--reporter=append-only']
  await installStep(task, root, () => runTool('pnpm', args, { cwd: root, env: pnpmEnv(env) }))
  await writeFile(stamp, wanted)
}

/**
 * The lockfile records every package.json's dependencies: when one changes, so does the lockfile, or pnpm refuses.
 */
async function fingerprint() {
  const hash = createHash('sha256')
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) {
    hash.update(await readFile(join(root, name)))
  }
  return hash.digest('hex')
}
