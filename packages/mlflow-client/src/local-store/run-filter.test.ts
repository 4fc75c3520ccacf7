import { expect, test } from 'vitest'
import type { WireRun } from '../rest/wire.ts'
import { parseRunFilter } from './run-filter.ts'

const run: WireRun = {
  info: { run_id: 'r1', run_name: 'first', experiment_id: '1', status: 'RUNNING', lifecycle_stage: 'active' },
  data: { tags: [{ key: 'soen.key', value: 'a and b' }], params: [{ key: 'lr', value: '1' }] },
}

test.each([
  ['', true],
  ["tags.`soen.key` = 'a and b'", true],
  ["tags.soen.key = 'a and b' and params.lr='1'", true],
  ["tags.`soen.key` = 'other'", false],
  ["tags.none = 'x'", false],
  ["attributes.run_name = 'first' AND tag.\"soen.key\" = 'a and b'", true],
  ["attributes.status = 'FINISHED'", false],
])('%j finds the run: %s', (filter, isFound) => {
  expect(parseRunFilter(filter)(run)).toBe(isFound)
})

test.each(['metrics.a > 1', "tags.a LIKE 'x%'", "tags.a = 'x' or tags.b = 'y'", "tags.a = 'x' and"])(
  'says that %j is beyond it',
  (filter) => {
    expect(() => parseRunFilter(filter)).toThrow('cannot search by')
  },
)
