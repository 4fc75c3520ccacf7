import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { init } from '@soen/mlflow-client'
import { followTensorBoard } from '@soen/mlflow-client/tensorboard'

const client = await init({ config: 'training.yaml' })
const run = client.startRun({ name: 'beside-tensorboard' })
// #region follow
const follower = followTensorBoard('runs', run)
await train()
await follower.stop()
await run.end()
// #endregion

/** Any program that writes for TensorBoard below `runs`. */
async function train(): Promise<void> {
  await once(spawn('python', ['train.py'], { stdio: 'inherit' }), 'exit')
}
