import { expect, test } from 'vitest'
import type { WireRun } from '../rest/wire.ts'
import { parseRunFilter } from './run-filter.ts'

const run: WireRun = {
  info: { run_id: 'r1', run_name: 'first', experiment_id: '1', status: 'RUNNING', lifecycle_stage: 'active' },
  data: {
    metrics: [{ key: 'loss', value: 'NaN', timestamp: 1 }],
    tags: [
      { key: 'soen.key', value: 'a and b' },
      { key: 'lines', value: 'first\nsecond' },
      { key: 'ended', value: 'line\n' },
    ],
    params: [{ key: 'lr', value: '1' }],
  },
}

test.each([
  ['', true],
  ["tags.`soen.key` = 'a and b'", true],
  ["tags.soen.key = 'a and b' and params.lr='1'", true],
  ["tags.`soen.key` = 'other'", false],
  ["tags.none = 'x'", false],
  ["attributes.run_name = 'first' AND tag.\"soen.key\" = 'a and b'", true],
  ["attributes.status = 'FINISHED'", false],
  ["tags.lines LIKE 'first%'", true],
  ["tags.lines LIKE '%first'", false],
  ["tags.lines LIKE '%second'", false],
  ["tags.ended LIKE 'line'", true],
  ['tags.none IS NULL and metrics.loss != 1', true],
])('%j finds the run: %s', (filter, isFound) => {
  expect(parseRunFilter(filter)(run)).toBe(isFound)
})

test.each(["tags.a = 'x' or tags.b = 'y'", "params.lr > 'a'", "status IN ('RUNNING')"])(
  'says that %j is beyond it',
  (filter) => {
    expect(() => parseRunFilter(filter)).toThrow('cannot search by')
  },
)

test.each(["none.a = 'x'", "attributes.none = 'x'", "dataset.none = 'x'"])(
  'says what %j asks for in vain',
  (filter) => {
    expect(() => parseRunFilter(filter)).toThrow('Invalid')
  },
)
