import { expect, test } from 'vitest'
import { toWireDataset } from './dataset.ts'

test('is spelled as MLflow spells its own sources', () => {
  expect(toWireDataset({ name: 'mnist', source: '/data/mnist', digest: 'v1' })).toEqual({
    name: 'mnist',
    digest: 'v1',
    source_type: 'local',
    source: '{"uri":"/data/mnist"}',
  })
  expect(toWireDataset({ name: 'mnist', source: 'https://h/mnist.gz' })).toMatchObject({
    source_type: 'http',
    source: '{"url":"https://h/mnist.gz"}',
  })
  expect(
    toWireDataset({ name: 'a', schema: { x: 'float' }, profile: 'rows: 3', sourceType: 's3' }),
  ).toMatchObject({
    source_type: 's3',
    schema: '{"x":"float"}',
    profile: 'rows: 3',
  })
})

test('has a digest that tells versions apart, the same each time', () => {
  const [first, again, other] = ['1', '1', '2'].map((profile) => toWireDataset({ name: 'a', profile }).digest)
  expect(first).toMatch(/^[0-9a-f]{8}$/)
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})
