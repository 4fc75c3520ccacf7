// #region program
import { init } from '@soen/mlflow-client'
import { logFigure, logHistogram, logImage, logTable } from '@soen/mlflow-client/media'

const client = await init({ config: 'training.yaml' })
const run = client.startRun({ name: 'with-pictures' })
for (let step = 0; step < 3; step += 1) {
  const gray = Float32Array.from({ length: 64 * 64 }, (_, i) => (i % 64) / 64 / (step + 1))
  logImage(run, 'val/sample', { width: 64, height: 64, channels: 1, data: gray }, { step })
  logHistogram(run, 'weights', gray, { step })
  logTable(run, 'predictions.json', [{ step, predicted: 'cat', actual: 'dog', sure: 0.5 }])
}
logFigure(run, 'curve.html', { data: [{ y: [3, 1, 2], type: 'scatter' }] })
await run.end()
// #endregion
