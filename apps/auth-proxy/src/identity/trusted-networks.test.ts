import { expect, it } from 'vitest'
import type { TrustedNetwork } from './stored-networks.ts'
import { TrustedNetworks } from './trusted-networks.ts'

const hour = 60 * 60_000
const month = 30 * 24 * hour
const home = '192.0.2.0/24'
const start = Date.parse('2026-06-01T12:00:00Z')
const seenAt = '2026-06-01T12:00:00.000Z'

interface Setup {
  readonly trusted: TrustedNetworks
  readonly clock: { now: number; isFull: boolean }
  readonly written: TrustedNetwork[]
  stored: readonly TrustedNetwork[]
}

function setUp(): Setup {
  const clock = { now: start, isFull: false }
  const written: TrustedNetwork[] = []
  const self: Setup = {
    clock,
    written,
    stored: [],
    trusted: new TrustedNetworks({
      stored: () => self.stored,
      async note(fresh) {
        if (clock.isFull) throw new Error('disk full')
        written.push(...fresh)
      },
      now: () => clock.now,
    }),
  }
  return self
}

it('knows at once from where somebody came, and writes it once an hour', async () => {
  const self = setUp()
  const { trusted, clock, written } = self
  for (let time = 0; time < 3; time += 1) trusted.add('ada', home)
  expect([trusted.has('ada', home), trusted.has('bob', home)]).toEqual([true, false])
  await trusted.flush()
  await trusted.flush()
  expect(written).toEqual([{ owner: 'ada', network: home, seenAt }])

  self.stored = [...written]
  clock.now += hour - 1
  trusted.add('ada', home)
  await trusted.flush()
  expect(written).toHaveLength(1)
  clock.now += 1
  trusted.add('ada', home)
  await trusted.flush()
  expect(written).toHaveLength(2)
})

it('goes by what is stored, for a month, whoever sets the clock back', () => {
  const self = setUp()
  self.stored = [{ owner: 'ada', network: home, seenAt }]
  const after = [0, month - 1, month, -month].map((ms) => {
    self.clock.now = start + ms
    return self.trusted.has('ada', home)
  })
  expect(after).toEqual([true, true, false, false])
  self.clock.now = start
  self.stored = []
  expect(self.trusted.has('ada', home)).toBe(false)
})

it('keeps what could not be written for the next time', async () => {
  const { trusted, clock, written } = setUp()
  clock.isFull = true
  trusted.add('ada', home)
  await expect(trusted.flush()).rejects.toThrow('disk full')
  expect(trusted.has('ada', home)).toBe(true)
  clock.isFull = false
  await trusted.flush()
  expect(written).toHaveLength(1)
})

it('holds no more than a bounded number that waits to be written', async () => {
  const { trusted, written } = setUp()
  for (let network = 0; network < 10_001; network += 1) trusted.add('ada', `${network}`)
  await trusted.flush()
  expect(written).toHaveLength(10_000)
})
