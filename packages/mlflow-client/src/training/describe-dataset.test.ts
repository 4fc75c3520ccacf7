import { expect, test } from 'vitest'
import { describeRows, describeTensors } from './describe-dataset.ts'

test('a table has the types of its columns, and a digest that tells its rows apart', () => {
  const rows = [
    { id: 1, score: 0.5, name: 'a', at: new Date(0), ok: true },
    { id: 2, score: NaN, name: null, at: new Date(1), ok: false },
  ]
  const described = describeRows({ name: 'scores', source: '/data/scores.csv' }, rows)
  expect(described).toEqual({
    name: 'scores',
    source: '/data/scores.csv',
    digest: expect.stringMatching(/^[0-9a-f]{8}$/),
    schema: {
      mlflow_colspec: [
        { type: 'long', name: 'id', required: true },
        { type: 'double', name: 'score', required: true },
        { type: 'string', name: 'name', required: false },
        { type: 'datetime', name: 'at', required: true },
        { type: 'boolean', name: 'ok', required: true },
      ],
    },
    profile: { num_rows: 2, num_elements: 10 },
  })
  const digests = [
    rows,
    rows.toReversed(),
    [{ ...rows[0], score: 0.6 }, { ...rows[1] }],
    [rows[0] ?? {}],
  ].map((each) => describeRows({ name: 'scores' }, each).digest)
  expect(new Set(digests).size).toBe(4)
  expect(digests[0]).toBe(described.digest)
})

test('a shape that does not fit is said', () => {
  const features = { data: new Float32Array(6), shape: [2, 2] }
  expect(() => describeTensors({ name: 'x' }, { features })).toThrow('2 × 2 has 4 values, not 6')
})
