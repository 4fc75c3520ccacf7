/** Checks that every changeset names existing packages and a kind of bump, by the tool that will use them. */
import { spawnSync } from 'node:child_process'
import { mkdtempDisposableSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

// Where main has not been fetched there is nothing to compare with: only the release plan is made.
using folder = mkdtempDisposableSync(join(tmpdir(), 'soen-changesets-'))
const output = join(folder.path, 'plan.json')
const { status, stdout, stderr } = spawnSync('changeset', ['status', `--output=${relative('.', output)}`], {
  encoding: 'utf8',
})
if (status === 0) {
  const plan: {
    changesets: unknown[]
    releases: { name: string; type: string; newVersion: string }[]
  } = JSON.parse(readFileSync(output, 'utf8'))
  const versions = [...new Set(plan.releases.map(({ newVersion }) => newVersion))].join(', ')
  console.log(`${plan.changesets.length} changesets → ${versions || 'no release'}`)
} else {
  console.error(`${stdout ?? ''}${stderr ?? ''}`)
  process.exitCode = 1
}
