import { afterAll, beforeAll, expect, it } from 'vitest'
import { basic } from '../testing/auth-proxy.ts'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { plainFetch } from '../testing/plain-fetch.ts'

const run = '0123456789abcdef0123456789abcdef'
const older = run.replace('0', '9')
const model = `m-${run}`
const answers: Readonly<Record<string, object>> = {
  'experiments/create': { experiment_id: '7' },
  'runs/create': { run: { info: { run_id: run, experiment_id: '7' }, data: {} } },
  'runs/update': { run_info: { run_id: older, experiment_id: '7' } },
  'logged-models': { model: { info: { model_id: model, experiment_id: '7' } } },
}

let site: OpenSite
beforeAll(async () => {
  site = await openSite({
    mlflow(request, response) {
      request.resume()
      const answer = answers[request.url?.replace('/api/2.0/mlflow/', '') ?? ''] ?? {}
      response.setHeader('content-type', 'application/json')
      const text = JSON.stringify(answer)
      response.setHeader('content-length', text.length)
      // In two chunks, as a long response arrives.
      response.write(text.slice(0, 5))
      setTimeout(() => response.end(text.slice(5)), 20)
    },
  })
  await post('ada', 'experiments/create', { name: 'first' })
  await post('bob', 'runs/create', { experiment_id: '7' })
  await post('bob', 'runs/log-batch', { run_id: run, metrics: [], params: [], tags: [] })
  await post('bob', 'runs/update', { run_id: older, status: 'FINISHED' })
  await post('bob', 'logged-models', { experiment_id: '7', source_run_id: run })
  await post('ada', 'runs/delete', { run_id: run })
  await post('bob', 'runs/delete', { run_id: older })
  await post('ada', 'runs/delete', { run_id: run.replace('0', '8') })
  await site.audit.flush()
})
afterAll(() => site[Symbol.asyncDispose]())

async function post(user: string, path: string, body: object): Promise<void> {
  const headers = { authorization: basic(user), 'content-type': 'application/json' }
  const url = `${site.url}/api/2.0/mlflow/${path}`
  const answer = await plainFetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  await answer.text()
}

async function found(filter: string): Promise<readonly string[]> {
  const answer = await site.api('ada', 'GET', `/audit?${filter}`)
  const { records }: { records: { sentence: string }[] } = JSON.parse(await answer.text())
  return records
    .map(
      ({ sentence }) =>
        /UTC {2}(?<what>.*?)(?:, \d+ times)?(?:: .*)? \(/.exec(sentence)?.groups?.['what'] ?? '',
    )
    .filter((what) => !what.includes('signed in'))
    .toSorted((one, other) => (one < other ? -1 : 1))
}

it('of a new experiment, run or model has the id that MLflow gave it', async () => {
  expect(await found('action=experiments/create')).toEqual(['ada created experiment 7'])
  expect(await found(`run=${run}&action=create`)).toEqual([`bob created run ${run} in experiment 7`])
  expect(await found('action=logged-models')).toEqual([expect.stringContaining('2 more')])
})

it('of an experiment has what happened to its runs, though no request says whose they are', async () => {
  expect(await found('experiment=7')).toEqual([
    'ada created experiment 7',
    `ada deleted run ${run}`,
    `bob changed run ${older} in experiment 7`,
    `bob created run ${run} in experiment 7`,
    `bob was refused to delete run ${older}`,
    `bob wrote to run ${run}`,
    `bob wrote to run ${run} and 2 more`,
  ])
})

it('of an experiment has no run that somebody only claimed to be in it', async () => {
  const path = `/api/2.0/mlflow-artifacts/artifacts/5/${run}/artifacts`
  await plainFetch(`${site.url}${path}/x`, { method: 'DELETE', headers: { authorization: basic('bob') } })
  await site.audit.flush()
  expect(await found('experiment=5')).toEqual([expect.stringContaining('bob was refused')])
})
