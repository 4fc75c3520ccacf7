/** Runs every test of every workspace and ends with `N passed, N failed`. Takes vitest's own arguments. */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { parseCLI, startVitest, type Reporter } from 'vitest/node'
import { summarise } from './test-summary.ts'

// What a test writes, and what the programs that it starts leave when it is interrupted, goes with the run. The path
// is short, for unix sockets, and open as /tmp is, for servers that run as another user.
const folder = mkdtempSync('/tmp/soen-')
chmodSync(folder, 0o1777)
process.env['TMPDIR'] = folder
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

let summary = { passed: 0, failed: 0 }
const counting: Reporter = {
  onTestRunEnd(modules, errors) {
    summary = summarise(modules, errors)
  },
}
const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest('test', filter, {
  ...options,
  watch: false,
  reporters: ['default', counting],
})
await vitest.close()

const left = readdirSync(folder)
if (left.length > 0) console.log(`Tests left in their TMPDIR, which is removed: ${left.join(', ')}`)
const { passed, failed } = summary
if (passed === 0 || failed > 0) process.exitCode = 1
console.log(`${passed} passed, ${failed} failed`)
