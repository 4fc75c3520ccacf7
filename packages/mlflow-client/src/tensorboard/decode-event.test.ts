import { describe, expect, test } from 'vitest'
import { decodeEvent } from './decode-event.ts'
import { encodeFileVersion, encodeHparamsEvent, encodeScalars } from './encode-event.ts'
import { FIELD } from './event.ts'
import { bytesField, doubleField, varintField } from './protobuf.ts'

const at = { step: 3, timestampMs: 1_700_000_000_124 }

describe('reads what was written', () => {
  test('scalars with step and time, special values and names of every script', () => {
    const values = { loss: 0.1, 'val/AR@100': -2.5, 损失: NaN, up: Infinity, down: -Infinity }
    expect(decodeEvent(encodeScalars(values, at))).toEqual({
      ...at,
      scalars: Object.entries(values).map(([tag, value]) => ({ tag, value })),
    })
  })

  test('a negative step', () => {
    expect(decodeEvent(encodeScalars({ a: 1 }, { ...at, step: -5 }))).toMatchObject({ step: -5 })
  })

  test('hyperparameters of each kind', () => {
    const hparams = { batch: 64, lr: 1e-3, opt: 'adam', tuned: true, wide: false }
    expect(decodeEvent(encodeHparamsEvent(hparams, at.timestampMs))).toEqual({
      timestampMs: at.timestampMs,
      step: 0,
      scalars: [],
      hparams,
    })
  })

  test('the first event of a file, which carries nothing', () => {
    expect(decodeEvent(encodeFileVersion(5))).toEqual({ timestampMs: 5, step: 0, scalars: [] })
  })
})

describe('of tensors', () => {
  const { tensor, shape, dimension } = FIELD
  const float = Buffer.from(new Float32Array([0.1]).buffer)
  const double = Buffer.from(new Float64Array([0.1]).buffer)
  const size = (n: number) => bytesField(shape.dimension, varintField(dimension.size, n))
  const dtype = (n: number) => varintField(tensor.dtype, n)

  test.each([
    ['float_val', [dtype(1), bytesField(tensor.floatValues, float)], 0.1],
    ['float content', [dtype(1), bytesField(tensor.content, float)], 0.1],
    ['double_val', [dtype(2), bytesField(tensor.doubleValues, double)], 0.1],
    ['unpacked double_val', [dtype(2), doubleField(tensor.doubleValues, 0.1)], 0.1],
    ['int_val', [dtype(3), bytesField(tensor.intValues, Buffer.from([7]))], 7],
    ['unpacked int64_val', [dtype(9), varintField(tensor.int64Values, -7)], -7],
    ['int64 content', [dtype(9), bytesField(tensor.content, Buffer.alloc(8, 0xff))], -1],
    [
      'one element in two dimensions',
      [dtype(1), bytesField(tensor.shape, size(1), size(1)), bytesField(tensor.floatValues, float)],
      0.1,
    ],
  ])('%s is a scalar', (_, parts, value) => {
    expect(decodeEvent(eventOf(parts)).scalars).toEqual([{ tag: 't', value }])
  })

  test.each([
    ['several numbers', [dtype(1), bytesField(tensor.floatValues, float, float)]],
    [
      'a shape of several',
      [dtype(1), bytesField(tensor.shape, size(2)), bytesField(tensor.floatValues, float)],
    ],
    ['no number', [dtype(1)]],
    ['text', [dtype(7), bytesField(8, 'words')]],
    ['no type', [bytesField(tensor.floatValues, float)]],
  ])('%s is none', (_, parts) => {
    expect(decodeEvent(eventOf(parts)).scalars).toEqual([])
  })
})

test('rounds the time the same way each time', () => {
  const event = doubleField(FIELD.event.wallTime, 1_700_000_000.1239)
  expect(decodeEvent(event).timestampMs).toBe(1_700_000_000_124)
})

function eventOf(parts: readonly Buffer[]): Buffer {
  const value = bytesField(
    FIELD.summary.value,
    bytesField(FIELD.value.tag, 't'),
    bytesField(FIELD.value.tensor, ...parts),
  )
  return bytesField(FIELD.event.summary, value)
}
