import { describe, expect, it } from 'vitest'
import { FairTurnstile } from './fair-turnstile.ts'

const options = { slots: 1, maxPerLane: 2, maxLanes: 3 }
const stranger = (name: string): { name: string; isKnown: boolean } => ({ name, isKnown: false })

/** Holds the one slot, queues tasks behind it, and returns the order in which they ran. */
async function orderOf(lanes: readonly { name: string; isKnown: boolean }[]): Promise<readonly string[]> {
  const turnstile = new FairTurnstile(options)
  const gate = Promise.withResolvers<void>()
  const order: string[] = []
  const first = turnstile.enter(() => gate.promise, stranger('first'))
  const waiting = lanes.map(
    (lane) => turnstile.enter(async () => void order.push(lane.name), lane) ?? order.push(`not ${lane.name}`),
  )
  gate.resolve()
  await Promise.all([first, ...waiting])
  expect(turnstile.running).toBe(0)
  return order
}

describe('FairTurnstile', () => {
  it('gives each lane its turn, however many wait in another', async () => {
    expect(await orderOf([stranger('a'), stranger('a'), stranger('b')])).toEqual(['a', 'b', 'a'])
  })

  it('lets those go first who are known', async () => {
    expect(await orderOf([stranger('a'), { name: 'tom', isKnown: true }])).toEqual(['tom', 'a'])
  })

  it('turns away at once who would wait too long, and nobody else', async () => {
    const many = Array.from({ length: 4 }, () => stranger('a'))
    expect(await orderOf([...many, stranger('b')])).toEqual(['not a', 'not a', 'a', 'b', 'a'])
    const lanes = ['a', 'b', 'c', 'd'].map(stranger)
    expect(await orderOf([...lanes, { name: 'tom', isKnown: true }])).toEqual(['not d', 'tom', 'a', 'b', 'c'])
  })

  it('frees the slot of a task that fails', async () => {
    const turnstile = new FairTurnstile(options)
    await expect(turnstile.enter(() => Promise.reject(new Error('no')), stranger('a'))).rejects.toThrow('no')
    expect(await turnstile.enter(() => Promise.resolve('next'), stranger('a'))).toBe('next')
  })
})
