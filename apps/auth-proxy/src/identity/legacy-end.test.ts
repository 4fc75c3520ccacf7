import { expect, it } from 'vitest'
import { parseLegacyEnd } from './legacy-end.ts'

it('means the whole day', () => {
  expect(parseLegacyEnd('2027-01-31')).toBe('2027-02-01T00:00:00.000Z')
  expect(parseLegacyEnd('2028-02-29')).toBe('2028-03-01T00:00:00.000Z')
})

it('takes the end back', () => {
  expect(parseLegacyEnd('never')).toBeNull()
})

it.each(['', 'tomorrow', '31.01.2027', '2027-1-31', '2027-02-30', '2027-13-01', '2027-01-31T12:00:00Z'])(
  'takes %j for no day',
  (text) => {
    expect(() => parseLegacyEnd(text)).toThrow(expect.objectContaining({ code: 'SOEN_LEGACY_DATE_INVALID' }))
  },
)
