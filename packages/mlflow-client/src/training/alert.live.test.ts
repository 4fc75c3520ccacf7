import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { bridgeToSocket, startMlflow, waitUntil } from '@soen/testbed'
import { expect, test } from 'vitest'
import { createReader } from '../read/reader.ts'
import { createModelVersion } from '../rest/model-versions.ts'
import { createRegisteredModel } from '../rest/registered-models.ts'
import { createTransport } from '../rest/transport.ts'
import { createWebhook, deleteWebhook, listWebhooks } from '../rest/webhooks.ts'
import { Client } from '../run/client.ts'
import { testSettings } from '../testing/settings.ts'
import { alert, alertByWebhook } from './alert.ts'

test("an alert is found by its run's tag, and by way of a model's version a webhook tells of it", async () => {
  const told: string[] = []
  await using receiver = createServer((request, response) => {
    void hear(request).finally(() => response.end())
  })
  async function hear(request: IncomingMessage): Promise<void> {
    told.push(await text(request))
  }
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  await using mlflow = await startMlflow({
    env: { MLFLOW_WEBHOOK_ALLOWED_SCHEMES: 'http', MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS: 'true' },
  })
  await using bridge = await bridgeToSocket(mlflow.socketPath)
  await using folder = await mkdtempDisposable(join(tmpdir(), 'alert-'))
  await using client = new Client(testSettings(bridge.url, join(folder.path, 'spool')))

  const run = client.startRun({ name: 'diverges' })
  alert(run, 'The loss grows', { level: 'error', text: 'It was 0.1 and is 7.' })
  await run.end()
  const filter = "tags.`soen.alert` LIKE 'error%'"
  const found = await Array.fromAsync(createReader(client).search({ filter }), ({ name, tags }) => [
    name,
    tags['soen.alert'],
  ])
  expect(found).toEqual([['diverges', 'error: The loss grows']])

  const transport = createTransport({ trackingUri: bridge.url })
  const events = [{ entity: 'MODEL_VERSION_TAG', action: 'SET' }] as const
  const webhook = await createWebhook(transport, { name: 'to-the-team', url, events })
  await createRegisteredModel(transport, { name: 'dendrite' })
  const source = `mlflow-artifacts:/${run.remote?.experimentId}/${run.remote?.runId}/artifacts/model`
  const version = await createModelVersion(transport, {
    name: 'dendrite',
    source,
    runId: run.remote?.runId ?? '',
  })
  await alertByWebhook(client, version, { title: 'It drifts' })
  await waitUntil(() => told.length > 0)
  expect(JSON.parse(told[0] ?? '')).toMatchObject({
    entity: 'model_version_tag',
    action: 'set',
    data: { name: 'dendrite', version: '1', key: 'soen.alert', value: 'warn: It drifts' },
  })
  expect(await Array.fromAsync(listWebhooks(transport))).toMatchObject([{ name: 'to-the-team', url }])
  await deleteWebhook(transport, webhook.webhook_id)
  expect(await Array.fromAsync(listWebhooks(transport))).toEqual([])
})

test('a client without a server has no webhooks', async () => {
  const off = new Client({ active: false, reason: 'a test' })
  await expect(alertByWebhook(off, { name: 'm', version: '1' }, { title: 't' })).rejects.toThrow(
    'nobody to tell',
  )
})
