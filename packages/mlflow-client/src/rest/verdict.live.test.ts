import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SharedMlflow } from '@soen/testbed'
import { bridgeToSocket, startMlflow, startPostgres } from '@soen/testbed'
import { expect, inject, test } from 'vitest'
import { artifactRoute } from './artifact-route.ts'
import { createExperiment, deleteExperiment } from './experiments.ts'
import { MlflowError } from './mlflow-error.ts'
import { createRun, deleteRun, getRun } from './runs.ts'
import { createTransport, type Transport } from './transport.ts'
import { judge, type Verdict } from './verdict.ts'

const { trackingUri, python }: SharedMlflow = inject('mlflow')
const transport = createTransport({ trackingUri })

test('the places in which the installed MLflow refuses a write are these, and each is judged', async () => {
  const script = join(import.meta.dirname, '../testing/error_sites.py')
  const { stdout } = await promisify(execFile)(python, [script])
  const found: { missing: string[]; sites: { errorCode: string; text: string }[] } = JSON.parse(stdout)
  expect(found.missing).toEqual([])
  const judged = found.sites.map(({ errorCode, text }) => {
    return `${judge({ status: 0, errorCode, message: text })}: ${errorCode} ${text}`
  })
  expect([...new Set(judged)].toSorted()).toMatchInlineSnapshot(`
    [
      "item: INVALID_PARAMETER_VALUE '…' exceeds the maximum length of … characters",
      "item: INVALID_PARAMETER_VALUE Artifact path targets workspace '…' but the workspace specified in the request is '…'.",
      "item: INVALID_PARAMETER_VALUE Artifact paths prefixed with 'workspaces/' must include a workspace name.",
      "item: INVALID_PARAMETER_VALUE Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='…', mlflow.runName='…').",
      "item: INVALID_PARAMETER_VALUE Changing param values is not allowed. Param with key='{}' was already logged with value='{}' for run ID='{}'. Attempted logging new value '{}'.",
      "item: INVALID_PARAMETER_VALUE Changing param values is not allowed. Params were already logged='…' for run ID='…'.",
      "item: INVALID_PARAMETER_VALUE Dataset cannot be None",
      "item: INVALID_PARAMETER_VALUE Dataset digest cannot be None",
      "item: INVALID_PARAMETER_VALUE Dataset name cannot be None",
      "item: INVALID_PARAMETER_VALUE Dataset source cannot be None",
      "item: INVALID_PARAMETER_VALUE Dataset source_type cannot be None",
      "item: INVALID_PARAMETER_VALUE Duplicate parameter keys have been submitted: …. Please ensure the request contains only one param value per param key.",
      "item: INVALID_PARAMETER_VALUE InputTag cannot be None",
      "item: INVALID_PARAMETER_VALUE InputTag key cannot be None",
      "item: INVALID_PARAMETER_VALUE InputTag value cannot be None",
      "item: INVALID_PARAMETER_VALUE Invalid artifact file name: '…'. Artifact names starting with '…' are reserved.",
      "item: INVALID_PARAMETER_VALUE Invalid boolean value: …, must be 'true' or 'false'.",
      "item: INVALID_PARAMETER_VALUE Invalid path",
      "item: INVALID_PARAMETER_VALUE Invalid path: resolved path is outside the artifact directory",
      "item: INVALID_PARAMETER_VALUE Invalid query string",
      "item: INVALID_PARAMETER_VALUE Invalid value for '…'. Expected a duration in the form \`<int><unit>\`, where unit is one of 'm', 'h', or 'd' (for example '30d' or '12h').",
      "item: INVALID_PARAMETER_VALUE Invalid value for '…'. Maximum length is 32 characters.",
      "item: INVALID_PARAMETER_VALUE Invalid value … for parameter '…' supplied.",
      "item: INVALID_PARAMETER_VALUE Missing value for required parameter '…'.",
      "item: INVALID_PARAMETER_VALUE Request specifies both '…' and '…'; provide only one of them.",
      "item: INVALID_PARAMETER_VALUE Trace archival duration must be at most 32 characters.",
      "item: INVALID_PARAMETER_VALUE Trace archival retention must be in the form \`<int><unit>\`, where unit is one of 'm', 'h', or 'd'.",
      "item: INVALID_PARAMETER_VALUE …",
      "item: INVALID_PARAMETER_VALUE … See the API docs for more information about request parameters.",
      "item: NOT_IMPLEMENTED …",
      "run: INVALID_PARAMETER_VALUE Invalid experiment ID '…'. Experiment ID must be a valid integer.",
      "run: INVALID_PARAMETER_VALUE The experiment … must be in the 'active' state. Current state is ….",
      "run: INVALID_PARAMETER_VALUE The run … must be in the 'active' state. Current state is ….",
      "run: RESOURCE_DOES_NOT_EXIST No Experiment with id=… exists",
      "run: RESOURCE_DOES_NOT_EXIST Run with id=… not found",
      "wait: BAD_REQUEST …",
      "wait: INTERNAL_ERROR Dataset input must have a dataset associated with it.",
      "wait: INTERNAL_ERROR Failed to set tags with given within {} retries. Keys: {}",
      "wait: INTERNAL_ERROR Invalid artifact path: '…'. …",
      "wait: INTERNAL_ERROR Write operation detected on a read-only session. ManagedSessionMaker creates read-only sessions by default. Pass read_only=False to the constructor to mark it as a write operation.",
      "wait: INTERNAL_ERROR …",
      "wait: INVALID_PARAMETER_VALUE Active workspace is required for artifact operations. Ensure X-MLFLOW-WORKSPACE is set or call mlflow.set_workspace().",
      "wait: INVALID_STATE Expected only 1 run with id=…. Found ….",
      "wait: TEMPORARILY_UNAVAILABLE …",
    ]
  `)
})

test.each<[Verdict, string, object]>([
  ['item', 'a name', { metrics: [{ key: 'a@', value: 1, timestamp: 1, step: 0 }] }],
  ['item', 'a long name', { params: [{ key: 'p'.repeat(251), value: '1' }] }],
  [
    'item',
    'a name twice',
    {
      params: [
        { key: 'p', value: '1' },
        { key: 'p', value: '1' },
      ],
    },
  ],
  ['item', 'another value', { params: [{ key: 'changed', value: '2' }] }],
  ['run', 'an unknown run', { run_id: 'nobody', tags: [] }],
  ['run', 'an id that is none', { run_id: 'no body', tags: [] }],
  ['run', 'a deleted run', { run_id: 'DELETED', tags: [] }],
])('blames the %s for %s', async (verdict, _, body) => {
  const { runId, deletedId } = await someRuns(transport)
  const runIdOf = 'run_id' in body && body.run_id === 'DELETED' ? { run_id: deletedId } : {}
  const send = transport.json('POST', '/api/2.0/mlflow/runs/log-batch', {
    json: { run_id: runId, ...body, ...runIdOf },
  })
  expect(await verdictOf(send)).toBe(verdict)
})

test('blames the path of an artifact for itself, and a store that fails for nothing', async () => {
  const { runId } = await someRuns(transport)
  const { artifact_uri: uri = '' } = (await getRun(transport, runId)).info
  const put = (path: string): Promise<Response> =>
    transport.raw('PUT', artifactRoute(uri, path), { content: new Blob(['x']) })
  expect(await verdictOf(put('a#b'))).toBe('item')
  expect(await verdictOf(put('n'.repeat(300)))).toBe('wait')
})

test('blames a deleted experiment for its runs', async () => {
  const experimentId = await createExperiment(transport, `deleted ${crypto.randomUUID()}`)
  await deleteExperiment(transport, experimentId)
  const run = { experimentId, name: 'r', startTimeMs: 1, tags: [] }
  expect(await verdictOf(createRun(transport, run))).toBe('run')
  expect(await verdictOf(createRun(transport, { ...run, experimentId: '987654' }))).toBe('run')
})

test('blames what PostgreSQL cannot hold for itself', async () => {
  await using postgres = await startPostgres()
  await using mlflow = await startMlflow({ backendStoreUri: await postgres.createDatabase('verdicts') })
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  const there = createTransport({ trackingUri: bridge.url })
  const { runId } = await someRuns(there)
  const send = (items: object): Promise<object> =>
    there.json('POST', '/api/2.0/mlflow/runs/log-batch', { json: { run_id: runId, ...items } })
  expect(await verdictOf(send({ params: [{ key: 'nul', value: 'a\0b' }] }))).toBe('item')
  expect(await verdictOf(send({ tags: [{ key: 'nul', value: 'a\0b' }] }))).toBe('item')
})

/** A run with a parameter, and one that is deleted. */
async function someRuns(on: Transport): Promise<{ runId: string; deletedId: string }> {
  const experimentId = await createExperiment(on, `verdicts ${crypto.randomUUID()}`)
  const [runId = '', deletedId = ''] = await Promise.all(
    ['kept', 'deleted'].map(async (name) => {
      const run = await createRun(on, { experimentId, name, startTimeMs: 1, tags: [] })
      return run.info.run_id
    }),
  )
  const params = [{ key: 'changed', value: '1' }]
  await on.json('POST', '/api/2.0/mlflow/runs/log-batch', { json: { run_id: runId, params } })
  await deleteRun(on, deletedId)
  return { runId, deletedId }
}

async function verdictOf(sent: Promise<unknown>): Promise<Verdict | 'taken'> {
  return await sent.then(
    () => 'taken' as const,
    (error: unknown) => {
      if (error instanceof MlflowError) return error.verdict
      throw error
    },
  )
}
