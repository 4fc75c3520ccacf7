import { describe, expect, it } from 'vitest'
import { parseStrictJson } from './strict-json.ts'
import { shapeOfNames } from '../routes/field.ts'
import { canonicalMessage, canonicalObject } from './message.ts'

const refused = expect.objectContaining({ code: 'SOEN_BODY_NOT_CANONICAL' })

describe('canonicalMessage', () => {
  it('writes each field under its one name, at every depth', () => {
    const sent = { runId: 'a', metrics: [{ key: 'loss', modelId: 'm-1' }], tags: null }
    expect(canonicalMessage(sent, 'mlflow.LogBatch')).toEqual({
      run_id: 'a',
      metrics: [{ key: 'loss', model_id: 'm-1' }],
      tags: null,
    })
  })

  it('drops what MLflow would skip', () => {
    const sent = { run_id: 'a', RUN_ID: 'b', 'run-id': 'c', '[ext]': 'd', ünknown: 'e' }
    expect(canonicalMessage(sent, 'mlflow.DeleteRun')).toEqual({ run_id: 'a' })
  })

  it.each([
    ['mlflow.DeleteRun', { run_id: 'a', runId: 'a' }],
    ['mlflow.DeleteRun', { runId: 'b', run_id: 'a' }],
    ['mlflow.LogBatch', { metrics: [{ model_id: 'a', modelId: 'b' }] }],
    [
      'mlflow.SearchTracesV3',
      {
        locations: [{ mlflow_experiment: { experiment_id: '1' }, mlflowExperiment: { experiment_id: '2' } }],
      },
    ],
  ])('refuses both spellings of a field of %s: %j', (message, sent) => {
    expect(() => canonicalMessage(sent, message)).toThrow(refused)
  })

  it.each([
    ['mlflow.SearchRuns', { experiment_ids: '0' }],
    ['mlflow.LogBatch', { metrics: { key: 'a' } }],
    ['mlflow.LogBatch', { metrics: ['a'] }],
    ['mlflow.StartTraceV3', { trace: [] }],
    ['mlflow.StartTraceV3', { trace: 'x' }],
  ])('refuses another type than the field of %s has: %j', (message, sent) => {
    expect(() => canonicalMessage(sent, message)).toThrow(refused)
  })

  it('leaves the names in maps and free values to the caller', () => {
    const sent = { trace: { trace_info: { tags: { runId: 'x', run_id: 'y' } } } }
    expect(canonicalMessage(sent, 'mlflow.StartTraceV3')).toEqual(sent)
  })

  it('writes the id of an experiment as the text that MLflow reads, also where it came as a number', () => {
    const sent = parseStrictJson(Buffer.from('{"experiment_ids":[1,"2"]}'))
    expect(canonicalMessage(sent, 'mlflow.SearchRuns')).toEqual({ experiment_ids: ['1', '2'] })
  })

  it.each([
    ['mlflow.CreateRun', '{"experiment_id":"0","start_time":true}'],
    ['mlflow.LogBatch', '{"metrics":[{"key":"a","value":1,"step":1.5}]}'],
    ['mlflow.LogBatch', '{"tags":[null]}'],
    ['mlflow.SetTag', '{"run_id":"a","key":"k","value":1}'],
    ['mlflow.UpdateRun', '{"run_id":"a","status":"SLEEPING"}'],
    ['mlflow.SearchTracesV3', '{"locations":[{"mlflow_experiment":{},"inference_table":{}}]}'],
  ])('refuses what MLflow would stop at and act on the half of: %s %s', (message, body) => {
    const sent = parseStrictJson(Buffer.from(body))
    expect(() => canonicalMessage(sent, message)).toThrow(refused)
  })

  it('fails on a message that MLflow does not have', () => {
    expect(() => canonicalMessage({}, 'mlflow.Nothing')).toThrow('no message mlflow.Nothing')
  })

  it('knows one spelling of the fields that a handler reads by itself', () => {
    const sent = { experiment_id: '1', experimentId: '2', other: true }
    expect(canonicalObject(sent, shapeOfNames(['experiment_id']))).toEqual({ experiment_id: '1' })
  })
})
