import { expect, test } from 'vitest'
import type { AllowedAddress } from '../machine/facts.ts'
import { changed } from './allow-list.ts'

const ada: AllowedAddress = { door: 'ssh', network: '192.0.2.7', label: 'ada@laptop' }
const office: AllowedAddress = { door: 'ssh', network: '198.51.100.0/24', label: 'office' }
const bare: AllowedAddress = { door: 'web', network: '203.0.113.1' }

test('moves my entry when my address does, and leaves the others', () => {
  const moved = { ...ada, network: '192.0.2.99' }
  expect(changed([ada, office, bare], [moved])).toEqual([office, bare, moved])
})

test('keeps the entries of one label at two doors apart', () => {
  const web: AllowedAddress = { ...ada, door: 'web' }
  expect(changed([ada], [web])).toEqual([ada, web])
})

test('knows an entry without a label by its network', () => {
  const again = { ...bare, until: '2027-01-01T00:00:00.000Z' }
  expect(changed([bare, office], [again])).toEqual([office, again])
})

test.each([['office'], ['198.51.100.0/24']])('removes by %s', (what) => {
  expect(changed([ada, office], [], what)).toEqual([ada])
})
