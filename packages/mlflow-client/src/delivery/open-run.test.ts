import { expect, test } from 'vitest'
import type { RemoteAttempt, RemoteRun } from '../journal/header.ts'
import { MlflowError } from '../rest/mlflow-error.ts'
import type { RequestParts, Transport } from '../rest/transport.ts'
import { openRun, type RunMemory } from './open-run.ts'

const header = {
  version: 1,
  clientRunId: 'c1',
  trackingUri: 'http://h',
  experiment: 'e',
  name: 'n',
  startTimeMs: 5,
  tags: { a: '1' },
} as const

const run = {
  run: { info: { run_id: 'r', experiment_id: '1', artifact_uri: 'mlflow-artifacts:/1/r/artifacts' } },
}
const experiment = { experiment: { experiment_id: '1', lifecycle_stage: 'active' } }
const remote = { experimentId: '1', runId: 'r', artifactUri: 'mlflow-artifacts:/1/r/artifacts' }

function memoryOf(known?: RemoteRun | RemoteAttempt): RunMemory & { notes: (RemoteRun | RemoteAttempt)[] } {
  const notes = known === undefined ? [] : [known]
  return { notes, recall: () => notes.at(-1), remember: (note) => notes.push(note) }
}

/** A server that gives these responses (or throws these errors), and records its requests. */
function scripted(...answers: unknown[]): Transport & { asked: string[]; bodies: RequestParts[] } {
  const asked: string[] = []
  const bodies: RequestParts[] = []
  return {
    trackingUri: 'http://h',
    asked,
    bodies,
    raw: () => Promise.reject(new Error('not used')),
    json: async (_, path, parts = {}) => {
      asked.push(path.replace('/api/2.0/mlflow/', ''))
      bodies.push(parts)
      const answer: unknown = answers.shift()
      if (answer instanceof Error) throw answer
      return JSON.parse(JSON.stringify(answer))
    },
  }
}

function refusal(errorCode: string): MlflowError {
  return new MlflowError({ code: 'SOEN_SERVER_ERROR', message: '', hint: '', status: 400, errorCode })
}

function once<Result>(step: () => Promise<Result>): Promise<Result> {
  return step()
}

async function twice<Result>(step: () => Promise<Result>): Promise<Result> {
  return await step().catch(step)
}

test('creates the run with its tags and the tag to find it by, noting first that it tries', async () => {
  const transport = scripted(experiment, run)
  const memory = memoryOf()
  expect(await openRun(transport, header, memory, once)).toEqual(remote)
  expect(transport.asked).toEqual(['experiments/get-by-name', 'runs/create'])
  expect(transport.bodies[1]?.json).toMatchObject({
    run_name: 'n',
    start_time: 5,
    tags: [
      { key: 'a', value: '1' },
      { key: 'soen.client_run_id', value: 'c1' },
    ],
  })
  expect(memory.notes).toEqual([{ attempted: true, atMs: expect.any(Number) }, remote])
})

test('searches before it creates when an earlier attempt may have succeeded', async () => {
  const found = scripted(experiment, { runs: [run.run] })
  expect(await openRun(found, header, memoryOf({ attempted: true }), once)).toEqual(remote)
  expect(found.asked).toEqual(['experiments/get-by-name', 'runs/search'])
  const notFound = scripted(experiment, {}, run)
  const again = await openRun(notFound, header, memoryOf({ attempted: true, atMs: 5 }), once)
  expect(again).toEqual({ ...remote, mayHaveTwin: true })
  expect(notFound.asked.at(-1)).toBe('runs/create')
})

test('gives a creation that was sent a moment ago the time to come true', async () => {
  const transport = scripted(experiment, {}, { runs: [run.run] })
  const memory = memoryOf({ attempted: true, atMs: Date.now() })
  expect(await openRun(transport, header, memory, twice)).toEqual(remote)
  expect(transport.asked.filter((path) => path.startsWith('runs/'))).toEqual(['runs/search', 'runs/search'])
})

test('asks nothing when it knows the run', async () => {
  const transport = scripted()
  expect(await openRun(transport, header, memoryOf(remote), once)).toEqual(remote)
  expect(transport.asked).toEqual([])
})

test('takes the experiment that another training created in the same moment', async () => {
  const transport = scripted(
    refusal('RESOURCE_DOES_NOT_EXIST'),
    refusal('RESOURCE_ALREADY_EXISTS'),
    experiment,
    run,
  )
  expect(await openRun(transport, header, memoryOf(), once)).toEqual(remote)
  expect(transport.asked.slice(0, 3)).toEqual([
    'experiments/get-by-name',
    'experiments/create',
    'experiments/get-by-name',
  ])
})

test('says that an experiment was deleted instead of hiding runs in it', async () => {
  const deleted = { experiment: { experiment_id: '1', lifecycle_stage: 'deleted' } }
  await expect(openRun(scripted(deleted), header, memoryOf(), once)).rejects.toMatchObject({
    code: 'SOEN_EXPERIMENT_DELETED',
    hint: expect.stringContaining('Restore'),
  })
})
