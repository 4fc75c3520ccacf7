/**
 * Runs every test of every workspace and ends with `N passed, N failed`. Takes vitest's own arguments; `--changed`,
 * or `--changed=COMMIT`, runs those that a change since then can affect; `--second-look` runs files with failures
 * once more, one after the other, names those that passed then, and counts their second result.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { parseCLI, startVitest, type Reporter } from 'vitest/node'
import { testsOfChange } from './changed-tests.ts'
import { slowestFiles } from './slowest-files.ts'
import { summarise, type Summary } from './test-summary.ts'

// Files of tests, and what programs leave behind when a run is interrupted, are deleted with the run. The path is
// short, for unix sockets, and open like /tmp, for servers that run as another user.
const folder = mkdtempSync('/tmp/soen-')
chmodSync(folder, 0o1777)
process.env['TMPDIR'] = folder
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const isChanged = (word: string): boolean => /^--changed(=|$)/.test(word)
const secondLook = '--second-look'
const words = process.argv.slice(2).filter((word) => word !== secondLook)
const change = words.find(isChanged)
const { chosen, leftOut } =
  change === undefined ? { chosen: [], leftOut: [] } : testsOfChange(change.split('=')[1])
if (leftOut.length > 0) {
  console.log(`Left to the whole run, since they boot hosts: ${leftOut.join(', ')}`)
}
if (change !== undefined && chosen.length === 0) {
  console.log('No test uses what changed.')
  process.exit()
}

let summary: Summary = { passed: 0, failed: 0, failedFiles: [] }
let slowest: readonly string[] = []
const counting: Reporter = {
  onTestRunEnd(modules, errors) {
    summary = summarise(modules, errors)
    slowest = slowestFiles(modules)
  },
}
const { filter, options } = parseCLI([
  'vitest',
  'run',
  ...words.filter((word) => !isChanged(word)),
  ...chosen,
])
const vitest = await startVitest('test', filter, {
  ...options,
  watch: false,
  reporters: ['default', counting],
})
await vitest.close()

const left = readdirSync(folder)
if (left.length > 0) console.log(`Tests left in their TMPDIR, which is removed: ${left.join(', ')}`)
console.log(`The slowest files:\n${slowest.join('\n')}`)
if (process.argv.includes(secondLook) && passesAlone(summary.failedFiles)) {
  console.log(`Failed in the whole run and passed alone: ${summary.failedFiles.join(', ')}`)
  summary = { passed: summary.passed + summary.failed, failed: 0, failedFiles: [] }
}
const { passed, failed } = summary
// Set in both cases: vitest has set it for the first run, which a second look may have overruled.
process.exitCode = passed === 0 || failed > 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)

/** Whether all tests of some files pass when nothing else runs; not tried for many files, which cannot be chance. */
function passesAlone(files: readonly string[]): boolean {
  if (files.length === 0 || files.length > 5) return false
  console.log(`Once more, alone: ${files.join(', ')}`)
  const self = [process.argv[1] ?? '', ...files, '--no-file-parallelism']
  return spawnSync(process.execPath, self, { stdio: 'inherit' }).status === 0
}
