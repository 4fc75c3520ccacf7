import { expect, test } from 'vitest'
import { ClientError } from '../errors/client-error.ts'
import { Tally } from './receipt.ts'

test('accounts for every item: what is neither delivered, skipped nor dropped is spooled', () => {
  const tally = new Tally()
  Object.assign(tally, { accepted: 10, delivered: 5, skipped: 1, dropped: 1, bytes: 500 })
  expect(tally.receipt()).toEqual({
    accepted: 10,
    delivered: 5,
    skipped: 1,
    spooled: 3,
    dropped: 1,
    bytes: 500,
    warnings: [],
  })
})

test('keeps the first hundred warnings', () => {
  const tally = new Tally()
  for (let n = 0; n < 150; n += 1) {
    tally.warn(new ClientError({ code: 'SOEN_ITEM_REFUSED', message: `no. ${n}`, hint: '' }))
  }
  expect(tally.receipt().warnings).toHaveLength(100)
  expect(tally.receipt().warnings[0]).toBe('SOEN_ITEM_REFUSED: no. 0')
})
