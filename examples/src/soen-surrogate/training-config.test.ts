import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '@soen/mlflow-client/settings'
import { expect, test } from 'vitest'
import { parseTrainingConfig } from './training-config.ts'

test('has a default for everything', () => {
  expect(parseTrainingConfig({})).toMatchObject({ seed: 7, hidden: [32, 32] })
  expect(parseTrainingConfig({ training: { seed: 8 } })).toMatchObject({ seed: 8, hidden: [32, 32] })
})

test('the documented file states the defaults', async () => {
  const path = join(import.meta.dirname, 'train.yaml')
  const file = Object(await loadConfig(path))
  expect(file.training).toEqual(parseTrainingConfig({}))
  // Every key of the block has to be documented or self-explanatory.
  expect(readFileSync(path, 'utf8')).toContain('# Sizes of the hidden layers.')
})

test.each([
  [{ training: [] }, 'not a mapping'],
  [{ training: { epoch: 3 } }, 'training.epoch'],
  [{ training: { epochs: 0 } }, 'training.epochs'],
  [{ training: { hidden: [0] } }, 'training.hidden'],
])('refuses %j by name', (file, said) => {
  expect(() => parseTrainingConfig(file)).toThrow(said)
})
