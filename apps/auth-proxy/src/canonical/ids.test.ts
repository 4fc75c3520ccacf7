import { describe, expect, it } from 'vitest'
import type { Rule } from '../routes/rule.ts'
import { readIds } from './ids.ts'
import type { Id, IdSources } from './ids.ts'

const nothing: IdSources = { params: {}, query: new Map(), body: {}, headers: {} }
const rule = (ids: Rule['ids']): Rule => ({ level: 'read', ...(ids === undefined ? {} : { ids }) })
const read = (ids: Rule['ids'], sources: Partial<IdSources>): readonly Id[] =>
  readIds(rule(ids), { ...nothing, ...sources })
const refused = expect.objectContaining({ code: 'SOEN_ID_NOT_CANONICAL' })

describe('readIds', () => {
  it('finds ids in path, query, header and body', () => {
    const one = [{ kind: 'run', value: 'a' }]
    expect(read({ run: ['run_id'] }, { params: { run_id: 'a' } })).toEqual(one)
    expect(read({ run: ['run_id'] }, { query: new Map([['run_id', ['a']]]) })).toEqual(one)
    expect(read({ run: ['run_id'] }, { body: { run_id: 'a' } })).toEqual(one)
    expect(read({ run: ['header:x-mlflow-run-id'] }, { headers: { 'x-mlflow-run-id': 'a' } })).toEqual(one)
    expect(read(undefined, { body: { run_id: 'a' } })).toEqual([])
  })

  it('finds every id of a list, and below messages', () => {
    const ids = { experiment: ['locations.mlflow_experiment.experiment_id'], run: ['run_ids'] }
    const body = {
      locations: [
        { mlflow_experiment: { experiment_id: '1' } },
        { mlflow_experiment: { experiment_id: '2' } },
        {},
      ],
      run_ids: ['a', 'b', 'a'],
    }
    expect(read(ids, { body })).toEqual([
      { kind: 'experiment', value: '1' },
      { kind: 'experiment', value: '2' },
      { kind: 'run', value: 'a' },
      { kind: 'run', value: 'b' },
    ])
  })

  it('takes empty texts and null for what protobuf calls unset', () => {
    const body = { run_id: '', run_uuid: 'b', source: null }
    expect(read({ run: ['run_id', 'run_uuid', 'source'] }, { body })).toEqual([{ kind: 'run', value: 'b' }])
  })

  it.each([
    ['both names of a run', { body: { run_id: 'a', run_uuid: 'b' } }],
    ['path and body', { params: { run_id: 'a' }, body: { run_id: 'b' } }],
    ['query and body', { query: new Map([['run_id', ['a']]]), body: { run_uuid: 'b' } }],
  ])('refuses ids that differ between %s', (_case, sources) => {
    expect(() => read({ run: ['run_id', 'run_uuid'] }, sources)).toThrow(refused)
  })

  it('takes the same id under both names, as the Python client sends it', () => {
    const body = { run_id: 'a', run_uuid: 'a' }
    expect(read({ run: ['run_id', 'run_uuid'] }, { body })).toEqual([{ kind: 'run', value: 'a' }])
  })

  it.each([
    '02',
    '+2',
    '-1',
    ' 2',
    '2 ',
    '\u0662',
    '２',
    '2.0',
    '1e1',
    '0x2',
    '99999999999999999999',
    '9223372036854775808',
    "1' OR '1",
  ])('refuses %j, which MLflow or its database may take for another experiment', (value) => {
    expect(() => read({ experiment: ['experiment_id'] }, { body: { experiment_id: value } })).toThrow(refused)
  })

  it.each([[{ run_id: ['a', true] }], [{ run_id: true }], [{ run_id: { a: 'b' } }]])(
    'refuses no text: %j',
    (body) => {
      expect(() => read({ run: ['run_id'] }, { body })).toThrow(refused)
    },
  )

  it.each([
    '../etc/passwd',
    '/etc/passwd',
    'a//b',
    'a/./b',
    'a\\..\\b',
    '%2e%2e/etc',
    'a%252f..%252fb',
    'a;',
    'a\0b',
  ])('refuses the artifact path %j', (path) => {
    expect(() => read({ 'artifact-path': ['path'] }, { body: { path } })).toThrow(refused)
  })

  it.each(['model', 'model/', 'a b/ü#?.txt', '1/r/artifacts/100% sure'])(
    'takes the artifact path %j',
    (path) => {
      expect(read({ 'artifact-path': ['path'] }, { body: { path } })).toEqual([
        { kind: 'artifact-path', value: path },
      ])
    },
  )

  it.each(['fit 1', 'größe/α'])('takes the model name %j', (name) => {
    expect(read({ 'registered-model': ['name'] }, { body: { name } })).toHaveLength(1)
  })
})
