import { expect, it } from 'vitest'
import { camelCase, parseField, shapeOf } from './field.ts'

it('reads the notation of the generated table', () => {
  expect(parseField('run_id')).toEqual({
    name: 'run_id',
    twin: 'runId',
    repeats: false,
    message: undefined,
  })
  expect(parseField('run_ids*')).toEqual({
    name: 'run_ids',
    twin: 'runIds',
    repeats: true,
    message: undefined,
  })
  expect(parseField('tags*:mlflow.RunTag')).toEqual({
    name: 'tags',
    twin: 'tags',
    repeats: true,
    message: 'mlflow.RunTag',
  })
})

it.each([
  ['run_id', 'runId'],
  ['filter_string1', 'filterString1'],
  ['key', 'key'],
  ['a_1_b', 'a1B'],
])('knows that protobuf also takes %s as %s', (name, twin) => {
  expect(camelCase(name)).toBe(twin)
})

it('finds a field by both spellings', () => {
  const shape = shapeOf('mlflow.DeleteRun')
  expect(shape.get('runId')).toBe(shape.get('run_id'))
  expect(shape.get('run_uuid')).toBeUndefined()
})
