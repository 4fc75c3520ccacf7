// #region program
import { init } from '@soen/mlflow-client'
import { alert, captureConsole, defineMetrics, runSweep } from '@soen/mlflow-client/training'

const client = await init({ config: 'training.yaml' })
const options = {
  space: { lr: [0.1, 0.5, 2.5], depth: [1, 2] },
  limit: 2,
  resumeKey: 'first-sweep',
} as const
const { best } = await runSweep(client, options, (run, { lr }) => {
  captureConsole(run)
  const metrics = defineMetrics(run, { loss: 'min' }, { automaticSteps: true })
  let x = 1
  for (let i = 0; i < 20; i += 1) {
    metrics.log({ loss: x ** 2 })
    x -= Number(lr) * x
  }
  if (Math.abs(x) > 1) alert(run, 'The loss grows', { level: 'error' })
  return metrics.best('loss')?.value
})
process.stdout.write(`${JSON.stringify(best?.params)}\n`)
await client.close()
// #endregion
