import { expect, test } from 'vitest'
import { annotations, exampleYaml } from './example.ts'
import { ignoredKeys, ignoredKeysOf } from './ignored-keys.ts'
import { schemaNodes, settingsJsonSchema } from './json-schema.ts'
import { settingsKeys } from './keys.ts'
import { parseSettings } from './parse.ts'
import { settingsReference } from './reference.ts'

const lab = 'where: ssh, host: { address: lab.example.org }, domain: lab.example.org'

test('every key that nothing acts on says so where it is explained, and no other does', () => {
  const saysSo = settingsReference().filter(({ description }) => description.includes('Nothing acts on'))
  expect(saysSo.map(({ key }) => key).toSorted()).toEqual(ignoredKeys.map(({ path }) => path).toSorted())
})

test('who copies the example sees it there', () => {
  const described = annotations()
  const everywhere = ignoredKeys.filter(({ where }) => where === undefined)
  const words = everywhere.map(({ path }) => described.get(path)?.description)
  expect(words.filter((text) => !text?.includes('Nothing acts on'))).toEqual([])
  expect(exampleYaml).toMatch(/# Nothing acts on [^\n]*\n +dev:\n +where: local/)
})

test('editors hear of it for the kind of target that ignores the key, and for no other', () => {
  const told = [...schemaNodes(settingsJsonSchema())].filter(({ path }) => path === 'targets.NAME.artifacts')
  expect(told.map(({ where, node }) => [where, node.description?.includes('Nothing acts on it')])).toEqual([
    ['aws', false],
    ['ssh', false],
    ['local', true],
  ])
})

test('every key that nothing acts on is a key of the schema, for the kind of target that it names', () => {
  const known = new Map(settingsKeys().map(({ path, where }) => [path, where]))
  const unknown = ignoredKeys.filter(
    ({ path, where }) => !known.has(path) || (where !== undefined && !known.get(path)?.includes(where)),
  )
  expect(unknown).toEqual([])
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
