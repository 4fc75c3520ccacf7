import { expect, it } from 'vitest'
import { rules } from '../routes/rules.ts'
import { hotRoutes, isChange, isGrave } from './what-counts.ts'

const routes = Object.entries(rules).map(([name, rule]) => ({ name, method: name.split(' ')[0] ?? '', rule }))

it('sums up only routes that are there and that change something', () => {
  const hot = routes.filter(({ name }) => hotRoutes.has(name))
  expect(hot).toHaveLength(hotRoutes.size)
  expect(hot.every(isChange)).toBe(true)
  expect(hot.some(isGrave)).toBe(false)
})

it('keeps first whatever deletes or restores', () => {
  const grave = routes.filter(isGrave).map(({ name }) => name)
  expect(grave.every((name) => !name.startsWith('GET'))).toBe(true)
  for (const name of ['runs/delete', 'runs/restore', 'experiments/delete', 'registered-models/delete']) {
    expect(grave.some((route) => route.endsWith(name))).toBe(true)
  }
})

it('takes every route for a change that needs more than reading and is no GET', () => {
  const unrecorded = routes.filter((route) => route.method !== 'GET' && !isChange(route))
  const levels = new Set(unrecorded.map(({ rule }) => rule.level))
  expect([...levels].toSorted()).toEqual(['auth', 'read', 'scope'])
})
