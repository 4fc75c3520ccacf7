import { expect, test } from 'vitest'
import { metricsFromName } from './metrics-from-name.ts'

test.each([
  ['epoch=3-val_loss=0.12.ckpt', { epoch: 3, val_loss: 0.12 }],
  ['epoch=03-step=1200.ckpt', { epoch: 3, step: 1200 }],
  ['loss=-0.5-lr=1e-3.ckpt', { loss: -0.5, lr: 1e-3 }],
  ['best-val_loss=0.5-v1.ckpt', { val_loss: 0.5 }],
  ['runs/fold=2/acc=0.9.ckpt', { fold: 2, acc: 0.9 }],
  ['last.ckpt', {}],
  ['epoch=x.ckpt', {}],
])('%s tells %o', (name, metrics) => {
  expect(metricsFromName(name)).toEqual(metrics)
})
