import { expect, test } from 'vitest'
import { metricsThinned, spoolFull, spoolUnwritable, valuesLost } from './warnings.ts'

test('each warning names the place and a way out', () => {
  const cause = new Error('no space left on device')
  const warnings = [
    spoolUnwritable('/spool/id', cause),
    valuesLost('/spool/id', 'run', 3),
    metricsThinned('/spool/id', 'run'),
    spoolFull('/spool/id'),
  ]
  for (const warning of warnings) expect(`${warning.message} ${warning.hint}`).toContain('/spool/id')
  expect(warnings.map(({ code }) => code)).toEqual([
    'SOEN_SPOOL_UNWRITABLE',
    'SOEN_SPOOL_UNWRITABLE',
    'SOEN_SPOOL_FULL',
    'SOEN_SPOOL_FULL',
  ])
  expect(warnings[0]).toMatchObject({ cause, message: expect.stringContaining('no space left') })
  expect(warnings[1]?.message).toContain('3 value(s)')
})
