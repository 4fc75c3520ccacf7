/** Runs every test of every workspace and ends with `N passed, N failed`. Takes vitest's own arguments. */
import { parseCLI, startVitest, type Reporter } from 'vitest/node'
import { summarise } from './test-summary.ts'

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

const { passed, failed } = summary
if (passed === 0 || failed > 0) process.exitCode = 1
console.log(`${passed} passed, ${failed} failed`)
