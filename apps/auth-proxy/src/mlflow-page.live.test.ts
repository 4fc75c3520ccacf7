import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { launchChromium } from '@soen/testbed'
import { readGraphql } from './canonical/graphql.ts'
import { parseStrictJson } from './canonical/strict-json.ts'
import { basic } from './testing/front-door.ts'
import { openLiveFrontDoor } from './testing/live-front-door.ts'

let url = ''
let door: Awaited<ReturnType<typeof openLiveFrontDoor>>

beforeAll(async () => {
  door = await openLiveFrontDoor(inject('mlflow').socketPath)
  url = door.url
})

afterAll(() => door[Symbol.asyncDispose]())

async function post<Answer>(path: string, body: object): Promise<Answer> {
  const headers = { authorization: basic('bob'), 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const read: Answer = JSON.parse(await answer.text())
  return read
}

it("serves MLflow's page to a viewer, who misses nothing but what is switched off", async () => {
  const name = `page ${crypto.randomUUID()}`
  const { experiment_id } = await post<{ experiment_id: string }>('experiments/create', { name })
  const { run } = await post<{ run: { info: { run_id: string } } }>('runs/create', {
    experiment_id,
    run_name: 'shown run',
  })
  const { run_id } = run.info
  await post('runs/log-batch', {
    run_id,
    metrics: [0, 1, 2].map((step) => ({ key: 'loss', value: 1 / (step + 1), timestamp: Date.now(), step })),
    params: [{ key: 'lr', value: '0.1' }],
  })
  await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/${experiment_id}/${run_id}/artifacts/note.txt`, {
    method: 'PUT',
    headers: { authorization: basic('bob') },
    body: 'noted',
  })

  const browser = await launchChromium()
  try {
    const context = await browser.newContext({ extraHTTPHeaders: { authorization: basic('vic') } })
    const page = await context.newPage()
    const queries: string[] = []
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/graphql') queries.push(request.postData() ?? '')
    })
    const failures: string[] = []
    const packings = new Set<string | undefined>()
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname
      const isOff = /\/mlflow\/(?:assistant\/|gateway)/.test(path)
      if (path.endsWith('.js')) packings.add(response.headers()['content-encoding'])
      if (response.status() >= 400 && !isOff)
        failures.push(`${response.status()} ${response.request().method()} ${path}`)
    })
    const shows = async (hash: string, text: string): Promise<void> => {
      await page.goto(`${url}/#${hash}`)
      await page.getByText(text).first().waitFor({ timeout: 60_000 })
    }
    const ofRun = `/experiments/${experiment_id}/runs/${run_id}`
    await shows('/experiments', name)
    await shows(`/experiments/${experiment_id}/runs`, 'shown run')
    await shows(ofRun, 'lr')
    await shows(`${ofRun}/model-metrics`, 'loss')
    await shows(`${ofRun}/artifacts`, 'note.txt')
    await shows(`/experiments/${experiment_id}/traces`, 'traces')
    await shows('/models', 'Models')
    expect(failures).toEqual([])
    const twins = queries.map((body) => readGraphql(parseStrictJson(Buffer.from(body))).twin)
    expect(twins).toContain('GET {api}/2.0/mlflow/runs/get')
    expect(['br', 'gzip']).toEqual(expect.arrayContaining([...packings]))
    expect(packings.size).toBe(1)
  } finally {
    await browser.close()
  }
})
