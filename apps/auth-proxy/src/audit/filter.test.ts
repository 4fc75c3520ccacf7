import { describe, expect, it } from 'vitest'
import { parseCursor, parseFilter, parseLimit, writeCursor } from './filter.ts'

const now = new Date('2026-11-25T18:00:00Z')

describe('a filter', () => {
  it.each([
    ['30m', '2026-11-25T17:30:00.000Z'],
    ['12h', '2026-11-25T06:00:00.000Z'],
    ['7d', '2026-11-18T18:00:00.000Z'],
    ['4w', '2026-10-28T18:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20T12:30', '2026-11-20T12:30:00.000Z'],
    ['2026-11-20T12:30:15+01:00', '2026-11-20T11:30:15.000Z'],
  ])('reads %s', (typed, since) => {
    expect(parseFilter({ since: typed }, now)).toEqual({ since })
  })

  it.each(['yesterday', '7', '7y', '2026-13-01', '2026-11-20 12:00', '999999d'])('refuses %s', (since) => {
    expect(() => parseFilter({ since }, now)).toThrow(
      expect.objectContaining({ code: 'SOEN_AUDIT_FILTER_INVALID', hint: expect.stringContaining('7d') }),
    )
  })

  it('leaves out what is empty, as forms send it', () => {
    expect(parseFilter({ run: ' ', user: '', action: ' delete ', denied: false }, now)).toEqual({
      action: 'delete',
    })
  })
})

it.each(['0', '1001', 'all', '-1', '1e2'])('refuses a limit of %s', (limit) => {
  expect(() => parseLimit(limit, 100)).toThrow(expect.objectContaining({ code: 'SOEN_AUDIT_FILTER_INVALID' }))
})

it('reads back the cursor that it wrote, and no other', () => {
  const position = { time: '2026-11-25T18:00:00.000Z', writer: 'w', seq: 7 }
  expect(parseCursor(writeCursor(position))).toEqual(position)
  expect(parseCursor(undefined)).toBeUndefined()
  for (const other of ['x', 'W10', 'bnVsbA']) {
    expect(() => parseCursor(other)).toThrow(expect.objectContaining({ code: 'SOEN_AUDIT_FILTER_INVALID' }))
  }
})
