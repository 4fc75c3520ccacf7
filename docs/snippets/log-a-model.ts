// #region program
import { init } from '@soen/mlflow-client'
import { registerModel } from '@soen/mlflow-client/models'
import { createReader } from '@soen/mlflow-client/read'
import { saveModel, trainEpoch } from './model.ts'

const client = await init({ config: 'training.yaml' })
const run = client.startRun({ name: 'with-model' })
run.log(trainEpoch(), { step: 0 })
await registerModel(client, run, {
  name: process.env['MODEL'] ?? 'dendrite',
  model: { files: saveModel(0), signature: { inputs: [{ dtype: 'float32', shape: [-1] }] } },
  aliases: ['champion'],
})
await run.end()

const reader = createReader(client)
const query = { filter: 'metrics.val_loss_total < 10', orderBy: ['metrics.val_loss_total ASC'] }
for await (const { id, metrics } of reader.search(query)) {
  process.stdout.write(`${id}: ${metrics['val_loss_total']}\n`)
  await reader.download(id, 'model', 'downloaded')
}
// #endregion
