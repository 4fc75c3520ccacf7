import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'
import { basic } from '../../testing/auth-proxy.ts'
import { openLiveAuthProxy } from '../../testing/live-auth-proxy.ts'
import { placeTags } from './place-tags.ts'

const run = promisify(execFile)
const { python, socketPath } = inject('mlflow')

it('are all that MLflow itself takes from nobody, but for whose a run is and whether its archive failed', async () => {
  const print = 'from mlflow.utils.mlflow_tags import IMMUTABLE_TAGS; print(*sorted(IMMUTABLE_TAGS))'
  const { stdout } = await run(python, ['-c', print])
  const others = ['mlflow.trace.archivalFailure', 'mlflow.user']
  expect(stdout.trim().split(' ')).toEqual([...placeTags, ...others].toSorted())
})

it('stop spans of OpenTelemetry that name a place, and no others', async () => {
  await using door = await openLiveAuthProxy(socketPath)
  const program = fileURLToPath(new URL('../../testing/python/send_spans.py', import.meta.url))
  const send = async (tag: string): Promise<string> =>
    (await run(python, [program, door.url, basic('bob'), '0', tag])).stdout
  expect(await send('mlflow.artifactLocation')).toContain('SOEN_PLACE_TAG_REFUSED')
  expect(await send('team')).toMatch(/^200 /)
  const trace = `${door.url}/api/3.0/mlflow/traces/tr-000102030405060708090a0b0c0d0e0f`
  const found = await fetch(trace, { headers: { authorization: basic('bob') } })
  expect(await found.json()).toMatchObject({ trace: { trace_info: { tags: { team: 'file:///etc' } } } })
})
