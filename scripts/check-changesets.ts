/** Every changeset names packages that exist and a kind of bump; read by the tool that will use them. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

// Where main has not been fetched there is nothing to compare with: the release plan alone is made.
const output = join(mkdtempSync(join(tmpdir(), 'soen-changesets-')), 'plan.json')
const { status, stdout, stderr } = spawnSync('changeset', ['status', `--output=${relative('.', output)}`], {
  encoding: 'utf8',
})
if (status !== 0) {
  console.error(`${stdout}${stderr}`)
  process.exit(1)
}
const plan: { changesets: unknown[]; releases: { name: string; type: string; newVersion: string }[] } =
  JSON.parse(readFileSync(output, 'utf8'))
console.log(
  `${plan.changesets.length} changesets → ${[...new Set(plan.releases.map(({ newVersion }) => newVersion))].join(', ') || 'no release'}`,
)
