import { expect, it } from 'vitest'
import { camelCase, parseField, shapeOf } from './field.ts'

it.each([
  ['run_id', { name: 'run_id', twin: 'runId', repeats: false, type: { scalar: 'string' } }],
  ['run_ids*', { name: 'run_ids', twin: 'runIds', repeats: true, type: { scalar: 'string' } }],
  ['step:int64', { name: 'step', twin: 'step', repeats: false, type: { scalar: 'int64' } }],
  ['tags*:mlflow.RunTag', { name: 'tags', twin: 'tags', repeats: true, type: { message: 'mlflow.RunTag' } }],
  ['feedback:mlflow.X|value', { name: 'feedback', type: { message: 'mlflow.X' }, group: 'value' }],
  ['status:mlflow.RunStatus', { name: 'status', type: { names: expect.objectContaining({ RUNNING: 1 }) } }],
])('reads the notation of the generated table: %s', (text, field) => {
  expect(parseField(text)).toMatchObject(field)
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
