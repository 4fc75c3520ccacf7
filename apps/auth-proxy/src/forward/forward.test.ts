import { expect, it } from 'vitest'
import { refusals } from '../errors/refusals.ts'
import { usualPlaces } from './forward.ts'
import { maxConnections } from './upstream.ts'

const { transfers, calls } = usualPlaces

it('leaves connections for our own questions to MLflow', () => {
  expect(transfers.total + calls.total).toBeLessThan(maxConnections)
})

it('gives nobody all, and a cluster under one name the fifty that it needs', () => {
  for (const { total, perUser } of [transfers, calls]) {
    expect(perUser).toBeGreaterThan(50)
    expect(perUser).toBeLessThan(total)
  }
})

it('says how many those are', () => {
  const { hint } = refusals.SOEN_TOO_MANY_AT_ONCE
  expect(hint).toContain(`${transfers.perUser} transfers of files and ${calls.perUser} other calls`)
})
