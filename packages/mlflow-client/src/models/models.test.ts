import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Client } from '../run/client.ts'
import { startFakeMlflow } from '../testing/fake-mlflow.ts'
import { testSettings } from '../testing/settings.ts'
import { logModel } from './log-model.ts'
import { toModelEntry, toModelFile } from './model-file.ts'
import { registerModel } from './register-model.ts'

test('describes a model as MLflow does', () => {
  const description = {
    path: 'model',
    flavors: { onnx: { data: 'model.onnx' } },
    signature: {
      inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 3] }],
      outputs: [{ name: 'y', type: 'double' as const }],
    },
    metadata: { odd: '\u0085\u007F' },
  }
  const entry = toModelEntry(description, new Date(1_700_000_000_123))
  expect(toModelFile(entry, description)).toBe(`artifact_path: "model"
flavors: {"onnx":{"data":"model.onnx"}}
model_uuid: "${entry.model_uuid}"
utc_time_created: "2023-11-14 22:13:20.123000"
signature: {"inputs":"[{\\"name\\":\\"x\\",\\"type\\":\\"tensor\\",\\"tensor-spec\\":{\\"dtype\\":\\"float32\\",\\"shape\\":[-1,3]}}]","outputs":"[{\\"type\\":\\"double\\",\\"name\\":\\"y\\",\\"required\\":true}]","params":null}
metadata: {"odd":"\\u0085\\u007f"}
`)
})

test('its description is the last of a model to be delivered', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'models-'))
  await using client = new Client(testSettings(server.url, join(folder.path, 'spool')))
  const model = join(folder.path, 'parts')
  mkdirSync(model)
  writeFileSync(join(model, 'a.bin'), 'a')
  writeFileSync(join(folder.path, 'config.json'), '{}')
  const run = client.startRun()
  logModel(run, { files: [model, join(folder.path, 'config.json')], path: 'best/model' })
  expect(await run.end()).toMatchObject({ dropped: 0, warnings: [] })
  expect([...server.artifacts.keys()].map((path) => path.replace(/.*artifacts\//, ''))).toEqual([
    'best/model/parts/a.bin',
    'best/model/config.json',
    'best/model/MLmodel',
  ])
  const [kept] = server.runs.values()
  expect(JSON.parse(kept?.tags.get('mlflow.log-model.history') ?? '')).toMatchObject([
    { artifact_path: 'best/model', flavors: { soen: { data: 'parts' } } },
  ])
})

test.each([
  [{ files: [] }, 'it has no files'],
  [{ files: '/tmp', path: '../model' }, 'its path'],
])('%j costs itself and a warning', async (model, message) => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'models-'))
  const warnings: string[] = []
  await using client = new Client(testSettings(server.url, join(folder.path, 'spool'))).on(
    'warn',
    (warning) => warnings.push(warning.message),
  )
  const run = client.startRun()
  logModel(run, model)
  expect(await run.end()).toMatchObject({ dropped: 1, spooled: 0 })
  expect(warnings).toEqual([expect.stringContaining(message)])
})

test('a folder has no registry', async () => {
  const off = new Client({ active: false, reason: 'a test' })
  await expect(registerModel(off, 'r', { name: 'm' })).rejects.toThrow('There is no model registry')
})
