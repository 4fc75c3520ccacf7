import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { Agent, request } from 'undici'
import { expect, inject, test } from 'vitest'
import { startMlflow } from './mlflow.ts'
import { waitUntil } from './wait-until.ts'

test('serves the pinned MLflow on a unix socket', async () => {
  const { socketPath } = inject('mlflow')
  const dispatcher = new Agent({ connect: { socketPath } })
  const { body } = await request('http://localhost/version', { dispatcher })
  expect(await body.text()).toBe('3.17.2')
})

test('leads there from a loopback port', async () => {
  const answer = await fetch(`${inject('mlflow').trackingUri}/health`)
  expect(await answer.text()).toBe('OK')
})

test('forks its workers off a process that holds no connection, and replaces one that dies', async () => {
  await using mlflow = await startMlflow({ workers: 2 })
  const dispatcher = new Agent({ connect: { socketPath: mlflow.socketPath } })
  const url = 'http://localhost/api/2.0/mlflow/experiments/get?experiment_id=0'
  const ask = async (): Promise<number> => {
    const { statusCode, body } = await request(url, { dispatcher })
    await body.dump()
    return statusCode
  }
  expect(await ask()).toBe(200)
  const [first = 0, second = 0] = childrenOf(mlflow.pid)
  expect(openFilesOf(mlflow.pid)).not.toContain('mlflow.db')
  expect(openFilesOf(first) + openFilesOf(second)).toContain('mlflow.db')

  process.kill(first, 'SIGKILL')
  const [, third = 0] = await waitUntil(() => {
    const workers = childrenOf(mlflow.pid)
    return workers.length === 2 && !workers.includes(first) ? workers : undefined
  })
  process.kill(second, 'SIGKILL')
  // Now only the new one can answer.
  await waitUntil(async () => (await ask()) === 200 && openFilesOf(third).includes('mlflow.db'))
  await dispatcher.close()
})

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(' ').map(Number)
}

function openFilesOf(pid: number): string {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder)
    .map((file) => readlinkSync(`${folder}/${file}`))
    .join('\n')
}
