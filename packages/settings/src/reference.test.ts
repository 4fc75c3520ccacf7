import { expect, test } from 'vitest'
import { annotations } from './example.ts'
import { settingsJsonSchema } from './json-schema.ts'
import { settingsKeys } from './keys.ts'
import { settingsReference } from './reference.ts'

test('every key of the schema is explained in the example, and the example explains no other', () => {
  expect([...annotations().keys()].toSorted()).toEqual(
    settingsKeys()
      .map(({ path }) => path)
      .toSorted(),
  )
})

test('every key that takes a value has an example of one', () => {
  const withoutExample = settingsReference().filter(
    ({ type, example }) => type !== 'group' && example === undefined,
  )
  expect(withoutExample).toEqual([])
})

test('a row joins the shape from the schema with the words from the example', () => {
  expect(settingsReference().find(({ key }) => key === 'targets.NAME.backup.every')).toEqual({
    key: 'targets.NAME.backup.every',
    where: ['aws', 'ssh'],
    type: 'duration',
    required: false,
    default: '1h',
    description: 'Time between two backups: the work that a lost disk can cost.',
    example: '1h',
  })
})

test('a default that depends on the kind of target says which', () => {
  const database = settingsReference().find(({ key }) => key === 'targets.NAME.database')
  expect(database?.default).toBe('postgres (aws, ssh), sqlite (local)')
})

test('a number that must stay text keeps its quotes in the example', () => {
  const account = settingsReference().find(({ key }) => key === 'targets.NAME.aws.account')
  expect(account?.example).toBe("'123456789012'")
})

test('editors get the same words through the JSON Schema', () => {
  expect(settingsJsonSchema()).toMatchObject({
    additionalProperties: false,
    properties: { team: { properties: { project: { description: 'Tag `project` of every run.' } } } },
  })
})

test('annotations take the comment directly above a key, and only at its first appearance', () => {
  const yaml =
    '# about the file\n\n# A group.\nteam:\n  # First line,\n  # second line.\n  user: ann\n  # not this\n\n  project: x\n'
  expect(Object.fromEntries(annotations(yaml))).toEqual({
    team: { description: 'A group.', example: undefined },
    'team.user': { description: 'First line, second line.', example: 'ann' },
  })
})
