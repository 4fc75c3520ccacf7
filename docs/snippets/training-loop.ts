// #region program
import { SafeMLFlowLogger } from '@soen/mlflow-client/integrations'
import { SOENModelCheckpoint } from '@soen/mlflow-client/integrations'
import { saveModel, trainEpoch } from './model.ts'

const logger = new SafeMLFlowLogger({
  config: 'training.yaml',
  tensorboard: 'runs',
})
const checkpoint = new SOENModelCheckpoint({
  logger,
  dir: 'checkpoints',
  monitor: 'val_loss/total',
  topK: 2,
})
for (let epoch = 0; epoch < 10; epoch += 1) {
  const metrics = trainEpoch()
  logger.logMetrics(metrics, epoch)
  checkpoint.onSaved(saveModel(epoch), metrics)
}
await checkpoint.close()
await logger.finalize('success')
// #endregion
