// #region program
import { init } from '@soen/mlflow-client'

const client = await init({ config: 'training.yaml' })
const run = client.startRun({ name: 'straight-line', params: { learning_rate: 0.1, points: 50 } })

// Fit y = a * x to points of y = 3 * x.
const xs = Array.from({ length: 50 }, (_, i) => i / 50)
const mean = (f: (x: number) => number): number => xs.reduce((sum, x) => sum + f(x), 0) / xs.length
let a = 0
for (let step = 0; step < 100; step += 1) {
  a -= 0.1 * mean((x) => 2 * x * (a * x - 3 * x))
  run.log({ 'val_loss/total': mean((x) => (a * x - 3 * x) ** 2) }, { step })
}

run.text(`a = ${a.toFixed(3)}\n`, 'result.txt')
await run.end()
// #endregion
