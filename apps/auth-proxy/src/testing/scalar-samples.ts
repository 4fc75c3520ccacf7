import type { ScalarKind } from '../routes/field.ts'

const most = '9223372036854775807'

/** JSON values that MLflow's parser accepts, by the type of their field. */
export const readable: readonly (readonly [ScalarKind, readonly string[]])[] = [
  ['bool', ['true', 'false']],
  ['int64', ['0', '-5', '1.0', '1e3', '"17"', most, `"${most}"`, '-9223372036854775808']],
  ['int32', ['2147483647', '-2147483648']],
  ['uint32', ['0', '4294967295']],
  ['double', ['1', '1.5', '-1e308', '"NaN"', '"Infinity"', '"-Infinity"', '"1.5"']],
  ['string', ['""', '"ü"', '"\\ud83d\\ude00"']],
  ['bytes', ['"YQ=="', '"-_8"', '"YQ"']],
  ['map', ['{}', '{"a":"b"}']],
  ['timestamp', ['"2026-01-01T00:00:00Z"', '"2026-01-01T00:00:00.123456789+01:00"']],
  ['duration', ['"1s"', '"-0.5s"', '"315576000000s"']],
  ['field-mask', ['""', '"a,bC"']],
  ['value', ['null', '1', '"a"', '[1,{"a":null}]']],
]

/** Values that it rejects, or that the front door refuses to be safe. */
export const unreadable: readonly (readonly [ScalarKind, readonly string[]])[] = [
  ['bool', ['1', '"true"', '[]']],
  [
    'int64',
    [
      'true',
      '1.5',
      '1e30',
      '9223372036854775808',
      '"0x10"',
      '"1_000"',
      '" 1"',
      '"１"',
      '{}',
      '9'.repeat(5000),
    ],
  ],
  ['int32', ['2147483648']],
  ['uint32', ['-1']],
  ['double', ['true', '1e400', '"nan"', '"inf"', '""', '[]']],
  ['float', ['1e39']],
  ['string', ['1', 'true', '"\\ud800"', '{}', '[]']],
  ['bytes', ['"ü"', '1', '"Y"', '"YQAAY"']],
  ['map', ['[]', '{"a":1}', '{"a":null}', '{"\\ud800":"a"}']],
  [
    'timestamp',
    [
      '"yesterday"',
      '"2026-13-01T00:00:00Z"',
      '"2026-02-30T00:00:00Z"',
      '"2026-01-01T24:00:00Z"',
      '"0000-01-01T00:00:00Z"',
      '"9999-12-31T23:59:59-01:00"',
      '1',
    ],
  ],
  ['duration', ['"1"', '1', '"315576000001s"']],
  ['field-mask', ['"a_b"', '"\\ud800"', '1']],
  ['value', ['1e400', '["\\ud800"]']],
]
