import { expect, it } from 'vitest'
import { Rests } from './rests.ts'

const mebibyte = 1024 * 1024

/** Pauses that the test ends itself. */
function handRests(): { readonly rests: Rests; readonly asked: number[]; readonly end: () => void } {
  const asked: number[] = []
  const ends: (() => void)[] = []
  const rests = new Rests((ms) => {
    asked.push(ms)
    return new Promise((resolve) => ends.push(resolve))
  })
  return { rests, asked, end: () => ends.shift()?.() }
}

it('lets what is not large through at once, also during a rest', async () => {
  const { rests, asked } = handRests()
  await rests.turn('bob', 2 * mebibyte, 1)
  expect(rests.turn('bob', mebibyte, 10_000)).toBeUndefined()
  expect(asked).toEqual([1000])
})

it('lets the next large body of a user wait until the rest is over, and nobody else’s', async () => {
  const { rests, asked, end } = handRests()
  const order: string[] = []
  await rests.turn('bob', 30 * mebibyte, 3)
  const second = rests.turn('bob', 100, 20_000)?.then(() => order.push('second'))
  await rests.turn('cleo', 100, 20_000)
  order.push('cleo')
  expect(asked).toEqual([15_001, 4000])
  end()
  await second
  expect(order).toEqual(['cleo', 'second'])
})
