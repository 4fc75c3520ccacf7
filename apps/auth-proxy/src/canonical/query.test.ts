import { describe, expect, it } from 'vitest'
import { parseField } from '../routes/field.ts'
import { readQuery, writeQuery } from './query.ts'

const fields = ['run_id', 'run_ids*', 'filter'].map(parseField)
const rewrite = (rawQuery: string): string => writeQuery(readQuery(rawQuery, fields))

describe('a query', () => {
  it.each([
    ['', ''],
    ['run_id=a', '?run_id=a'],
    ['run%5Fid=%61', '?run_id=a'],
    ['filter=a+b%2Bc&run_id=a', '?run_id=a&filter=a%20b%2Bc'],
    ['run_ids=a&run_ids=b', '?run_ids=a&run_ids=b'],
    ['run_id', '?run_id='],
    ['filter=a=b&&', '?filter=a%3Db'],
    ['filter=%C3%BC', '?filter=%C3%BC'],
    ['unknown=1&run_id=a&RUN_ID=b&run_id[]=c', '?run_id=a'],
    ['filter=a%26run_id%3Db', '?filter=a%26run_id%3Db'],
    ['filter=a;run_id=b', '?filter=a%3Brun_id%3Db'],
  ])('is read and written in one way: %s', (sent, written) => {
    expect(rewrite(sent)).toBe(written)
  })

  it('reads what it writes as the same thing again', () => {
    const once = rewrite('filter=%25%2B+%C3%BC%0A&run_ids=a&run_ids=%26')
    expect(rewrite(once.slice(1))).toBe(once)
  })

  it.each([
    ['two values where one is meant', 'run_id=a&run_id=b'],
    ['the same value twice', 'run_id=a&run_id=a'],
    ['two values, one by an escaped name', 'run_id=a&run%5fid=b'],
    ['the spelling of bodies', 'runId=a'],
    ['both spellings', 'run_id=a&runId=a'],
    ['half an escape', 'run_id=%'],
    ['an escape of no digits', 'run_id=%zz'],
    ['NUL', 'run_id=a%00'],
    ['bytes that are no UTF-8', 'filter=%ff'],
    ['an overlong slash', 'filter=%c0%af'],
  ])('is refused with %s', (_case, rawQuery) => {
    expect(() => readQuery(rawQuery, fields)).toThrow(
      expect.objectContaining({ code: 'SOEN_PATH_NOT_CANONICAL' }),
    )
  })
})
