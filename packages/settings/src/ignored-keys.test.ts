import { expect, test } from 'vitest'
import { ignoredKeys, ignoredKeysOf } from './ignored-keys.ts'
import { settingsKeys } from './keys.ts'
import { parseSettings } from './parse.ts'
import { settingsReference } from './reference.ts'

const lab = 'where: ssh, host: { address: lab.example.org }, domain: lab.example.org'

test('every key that nothing acts on says so where it is explained, and no other does', () => {
  const saysSo = settingsReference().filter(({ description }) => description.includes('Nothing acts on'))
  expect(saysSo.map(({ key }) => key).toSorted()).toEqual(ignoredKeys.map(({ path }) => path).toSorted())
})

test('every key that nothing acts on is a key of the schema', () => {
  const known = new Set(settingsKeys().map(({ path }) => path))
  expect(ignoredKeys.filter(({ path }) => !known.has(path))).toEqual([])
})

test('are named as the file has them, and only those that it sets', () => {
  const settings = parseSettings(`
team: { project: photonics }
targets:
  lab: { ${lab}, backup: { to: /mnt/backup }, alarms: { email: ada@example.org } }
  plain: { ${lab} }
`)
  expect(ignoredKeysOf(settings, 'lab')).toEqual(['team', 'targets.lab.backup', 'targets.lab.alarms'])
  expect(ignoredKeysOf(settings, 'plain')).toEqual(['team'])
  expect(ignoredKeysOf(parseSettings(`targets: { lab: { ${lab} } }`), 'lab')).toEqual([])
})
