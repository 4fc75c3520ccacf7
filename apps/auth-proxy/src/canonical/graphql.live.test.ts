import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { basic } from '../testing/auth-proxy.ts'
import { openLiveAuthProxy } from '../testing/live-auth-proxy.ts'
import { graphqlTwins } from './graphql.ts'

const mlflow = inject('mlflow')
let url = ''
let door: Awaited<ReturnType<typeof openLiveAuthProxy>>
beforeAll(async () => {
  door = await openLiveAuthProxy(mlflow.socketPath)
  url = door.url
})
afterAll(() => door[Symbol.asyncDispose]())

interface Answer {
  readonly data?: Record<
    string,
    { run?: { info: { runUuid: string } }; runs?: { info: { runUuid: string } }[] }
  >
  readonly message?: string
}

async function post<Result>(path: string, body: object): Promise<Result> {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: basic('bob'), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const read: Result = JSON.parse(await answer.text())
  return read
}

async function newRun(): Promise<{ experiment: string; run: string }> {
  const api = '/api/2.0/mlflow'
  const { experiment_id } = await post<{ experiment_id: string }>(`${api}/experiments/create`, {
    name: crypto.randomUUID(),
  })
  const { run } = await post<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, { experiment_id })
  return { experiment: experiment_id, run: run.info.run_id }
}

const getRun =
  'query GetRun($data: MlflowGetRunInput!) @component(name: "x") { mlflowGetRun(input: $data) { run { info { runUuid } } } }'
const searchRuns =
  'query SearchRuns($data: MlflowSearchRunsInput!) { mlflowSearchRuns(input: $data) { runs { info { runUuid } } } }'

it('MLflow answers about the very ids that the checker read', async () => {
  const [one, other] = [await newRun(), await newRun()]
  const got = await post<Answer>('/graphql', { query: getRun, variables: { data: { runId: one.run } } })
  expect(got.data?.['mlflowGetRun']?.run?.info.runUuid).toBe(one.run)
  const data = { experimentIds: [other.experiment], maxResults: 5 }
  const found = await post<Answer>('/graphql', { query: searchRuns, variables: { data } })
  expect(found.data?.['mlflowSearchRuns']?.runs?.map(({ info }) => info.runUuid)).toEqual([other.run])
})

it.each([
  ['two runs at once', getRun, { runId: 'a', runUuid: 'b' }, 'SOEN_ID_NOT_CANONICAL'],
  ['another spelling of an experiment', searchRuns, { experimentIds: ['02'] }, 'SOEN_ID_NOT_CANONICAL'],
  [
    'an id in the query itself',
    getRun.replace('input: $data', 'input: {runId: "b"}'),
    {},
    'SOEN_GRAPHQL_REFUSED',
  ],
])('%s never reaches it', async (_case, query, data, code) => {
  expect((await post<Answer>('/graphql', { query, variables: { data } })).message).toContain(code)
})

it('every query in the page of the installed MLflow is one that has a twin', async () => {
  const print = 'import mlflow.server; print(mlflow.server.__file__)'
  const server = dirname(execFileSync(mlflow.python, ['-c', print], { encoding: 'utf8' }).trim())
  const scripts = join(server, 'js/build/static/js')
  const names = new Set<string>()
  for (const file of await readdir(scripts)) {
    if (!file.endsWith('.js')) continue
    const text = await readFile(join(scripts, file), 'utf8')
    for (const [, name = ''] of text.matchAll(/\b(mlflow\w+)\(input: ?\$\w+\)/g)) names.add(name)
  }
  expect([...names].toSorted()).toEqual(Object.keys(graphqlTwins).toSorted())
})
