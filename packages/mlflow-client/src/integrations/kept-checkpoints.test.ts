import { describe, expect, test } from 'vitest'
import type { Checkpoint } from './checkpoint-book.ts'
import { KeptCheckpoints } from './kept-checkpoints.ts'

const rule = { mode: 'min', topK: 2, saveLast: false } as const
const checkpoint = (name: string, score: number, sidecar = true): Checkpoint => ({
  name,
  score,
  fingerprint: `${name}${score}`,
  artifacts: sidecar ? [`${name}.ckpt`, `${name}.soen`] : [`${name}.ckpt`],
})
const names = (kept: KeptCheckpoints): string =>
  kept
    .book('r')
    .checkpoints.map(({ name }) => name)
    .join('')

test('removes the beaten, side-car first', () => {
  const kept = new KeptCheckpoints(rule)
  for (const [name, score] of [
    ['a', 3],
    ['b', 1],
    ['c', 2],
  ] as const)
    kept.add(checkpoint(name, score))
  expect([names(kept), kept.removing, kept.best?.name]).toEqual(['bc', ['a.soen', 'a.ckpt'], 'b'])
  kept.removed('a.soen')
  expect(kept.removing).toEqual(['a.ckpt'])
})

test('one that is beaten from the start is not kept, and there is nothing of it to remove', () => {
  const kept = new KeptCheckpoints({ ...rule, topK: 1 })
  expect(kept.add(checkpoint('a', 1)).isKept).toBe(true)
  expect(kept.add(checkpoint('b', 2)).isKept).toBe(false)
  expect([names(kept), kept.removing]).toEqual(['a', []])
})

describe('the same name again', () => {
  test('replaces the older one, and removes nothing that is written anew', () => {
    const kept = new KeptCheckpoints(rule)
    kept.add(checkpoint('a', 1))
    const { isKept, previous } = kept.add(checkpoint('a', 5))
    expect([isKept, previous?.score, kept.removing, names(kept)]).toEqual([true, 1, [], 'a'])
  })

  test('without a new side-car removes the old one, which would speak for other weights', () => {
    const kept = new KeptCheckpoints(rule)
    kept.add(checkpoint('a', 1))
    kept.add(checkpoint('a', 2, false))
    expect(kept.removing).toEqual(['a.soen'])
    kept.add(checkpoint('a', 2))
    expect(kept.removing).toEqual([])
  })

  test('that is worse may be beaten by the next', () => {
    const kept = new KeptCheckpoints({ ...rule, topK: 1 })
    kept.add(checkpoint('a', 1))
    kept.add(checkpoint('b', 2))
    kept.add(checkpoint('c', 0.5))
    expect([names(kept), kept.removing]).toEqual(['c', ['a.soen', 'a.ckpt']])
    kept.add(checkpoint('c', 0.7))
    kept.add(checkpoint('d', 0.6))
    expect([names(kept), kept.removing]).toEqual(['d', ['a.soen', 'a.ckpt', 'c.soen', 'c.ckpt']])
  })
})

describe('after a restart', () => {
  const earlier = new KeptCheckpoints(rule)
  for (const [name, score] of [
    ['a', 3],
    ['b', 1],
    ['c', 2],
  ] as const)
    earlier.add(checkpoint(name, score))

  test('goes on where the same run was', () => {
    const kept = new KeptCheckpoints(rule, earlier.book('r'))
    kept.add(checkpoint('d', 1.5))
    expect(names(kept)).toBe('d')
    kept.adopt('r')
    expect([names(kept), kept.removing]).toEqual(['bd', ['a.soen', 'a.ckpt', 'c.soen', 'c.ckpt']])
  })

  test('never touches what belongs to another run', () => {
    const kept = new KeptCheckpoints(rule, earlier.book('another'))
    kept.add(checkpoint('d', 9))
    kept.adopt('r')
    expect([names(kept), kept.removing]).toEqual(['d', []])
  })

  test('its own newer checkpoint of a name wins', () => {
    const kept = new KeptCheckpoints(rule, earlier.book('r'))
    kept.add(checkpoint('b', 8))
    kept.adopt('r')
    expect([names(kept), kept.best?.score]).toEqual(['cb', 2])
  })
})
