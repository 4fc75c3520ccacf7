// Runs a command in a prepared checkout: `node scripts/prepared.mjs COMMAND ARGS…`. A fresh clone needs nothing
// else: this is plain JavaScript for any Node from 20 on, without dependencies.
import { runInPlace } from './prepare/run.mjs'
import { fail } from './prepare/say.mjs'
import { ensureToolchain, pnpmEnv } from './prepare/toolchain.mjs'
import { ensureWorkspace } from './prepare/workspace.mjs'

const [command, ...args] = process.argv.slice(2)
try {
  if (command === undefined) fail('No command was given.', 'Write: node scripts/prepared.mjs COMMAND ARGS…')
  const env = await ensureToolchain()
  await ensureWorkspace(env)
  process.exitCode = await runInPlace(command, args, command === 'pnpm' ? pnpmEnv(env) : env)
} catch (error) {
  if (!(error instanceof Error) || !('hint' in error)) throw error
  console.error(`✗ ${error.message}\n  → ${String(error.hint)}`)
  process.exitCode = 1
}
