import { expect, inject, it } from 'vitest'
import { basic } from '../testing/auth-proxy.ts'
import { openLiveAuthProxy } from '../testing/live-auth-proxy.ts'

const { socketPath } = inject('mlflow')

function pairs(length: number): readonly unknown[] {
  return Array.from({ length: 100 }, (_, index) => ({ key: `k${index}`, value: '中'.repeat(length) }))
}

it('lets the largest batch through that MLflow stores, written as Python writes it', async () => {
  await using door = await openLiveAuthProxy(socketPath)
  const post = (call: string, body: string): Promise<Response> =>
    fetch(`${door.url}/api/2.0/mlflow/runs/${call}`, {
      method: 'POST',
      headers: { authorization: basic('bob'), 'content-type': 'application/json' },
      body,
    })
  const created = await post('create', JSON.stringify({ experiment_id: '0' }))
  const { run_id } = Object(await created.json()).run.info
  const metrics = Array.from({ length: 800 }, (_, step) => ({ key: 'loss', value: 0.5, timestamp: 1, step }))
  const batch = JSON.stringify({ run_id, metrics, params: pairs(6000), tags: pairs(8000) })

  const logged = await post('log-batch', batch.replaceAll('中', String.raw`\u4e2d`))

  expect(await logged.text()).toBe('{}')
})
