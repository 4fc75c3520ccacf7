import { expect, test } from 'vitest'
import { didYouMean } from './did-you-mean.ts'

const keys = ['mlflow_active', 'mlflow_password', 'mlflow_tracking_uri', 'seed']

test.each([
  ['mlflow_pasword', 'mlflow_password'],
  ['mlflow_tracking_url', 'mlflow_tracking_uri'],
  ['MLFLOW_ACTIVE', 'mlflow_active'],
  ['sed', 'seed'],
])('takes %s for %s', (slip, meant) => {
  expect(didYouMean(slip, keys)).toBe(meant)
})

test('keeps silent about another word', () => {
  expect(didYouMean('optimizer', keys)).toBeUndefined()
})
