import { describe, expect, test } from 'vitest'
import { planRetention, type RetentionRule, type Scored } from './plan-retention.ts'

interface Named extends Scored {
  readonly name: string
}

const saved: readonly Named[] = [
  { name: 'a', score: 0.5 },
  { name: 'b', score: 0.3 },
  { name: 'c', score: 0.4 },
  { name: 'd', score: 0.3 },
  { name: 'e' },
]

function plan(rule: Partial<RetentionRule>, checkpoints = saved): [string, string, string | undefined] {
  const { retained, beaten, best } = planRetention(checkpoints, {
    mode: 'min',
    topK: 1,
    saveLast: false,
    ...rule,
  })
  return [retained.map(({ name }) => name).join(''), beaten.map(({ name }) => name).join(''), best?.name]
}

describe('keeps', () => {
  test.each<[string, Partial<RetentionRule>, [string, string, string]]>([
    ['the best, the earlier of two that are equal', {}, ['b', 'acde', 'b']],
    ['the best two', { topK: 2 }, ['bd', 'ace', 'b']],
    ['the highest', { mode: 'max', topK: 2 }, ['ac', 'bde', 'a']],
    ['the best and the latest', { saveLast: true }, ['be', 'acd', 'b']],
    ['the latest alone', { topK: 0, saveLast: true }, ['e', 'abcd', 'b']],
    ['none', { topK: 0 }, ['', 'abcde', 'b']],
    ['all', { topK: -1 }, ['abcde', '', 'b']],
    ['those with a score, when there are fewer than asked for', { topK: 9 }, ['abcd', 'e', 'b']],
  ])('%s', (_, rule, expected) => {
    expect(plan(rule)).toEqual(expected)
  })

  test('nothing of nothing', () => {
    expect(plan({ saveLast: true }, [])).toEqual(['', '', undefined])
  })
})

test('a checkpoint once beaten is beaten for ever: deciding one by one comes to the same', () => {
  let kept: readonly Named[] = []
  for (const each of saved)
    kept = planRetention([...kept, each], { mode: 'min', topK: 2, saveLast: false }).retained
  expect(kept.map(({ name }) => name).join('')).toBe(plan({ topK: 2 })[0])
})
