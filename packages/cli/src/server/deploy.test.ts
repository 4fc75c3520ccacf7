import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'

let folder: TemporaryFolder
let settings: string
beforeEach(() => {
  folder = temporaryFolder('deploy')
  settings = join(folder.path, 'soen.yaml')
})
afterEach(() => folder[Symbol.dispose]())

/** A target on a port where nothing listens, for errors that come before the machine is reached. */
const target = 'where: ssh, host: { address: 127.0.0.1, port: 9 }, domain: lab.example.org'
const warned = /^! .*$/gm

test.each(['plan', 'plan --json', 'deploy', 'deploy --json'])(
  'soen %s says in one line which settings nothing acts on',
  (command) => {
    writeFileSync(
      settings,
      `team: { project: photonics }\ntargets: { lab: { ${target}, backup: { to: s3://team/backups } } }`,
    )
    const { stdout, stderr } = soen([...command.split(' '), '--settings', settings])
    expect(stderr.match(warned)).toEqual([
      '! The settings have keys that nothing acts on yet: team, targets.lab.backup',
    ])
    expect(stdout).not.toContain('!')
  },
)

test('says nothing of settings that are all acted on', () => {
  writeFileSync(settings, `targets: { lab: { ${target} } }`)
  expect(soen(['plan', '--settings', settings]).stderr).not.toMatch(warned)
})
