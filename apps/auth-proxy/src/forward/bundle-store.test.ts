import { expect, it } from 'vitest'
import { BundleStore } from './bundle-store.ts'
import type { Bundle } from './bundle-store.ts'

const bundle = (size: number): Bundle => ({ bytes: Buffer.alloc(size), type: 'text/css', etag: '"x"' })

it('keeps what fits, and lets go of what was not asked for longest', () => {
  const store = new BundleStore(100)
  for (const name of ['a', 'b']) store.set(name, bundle(40))
  expect(store.get('a')).toBeDefined()
  store.set('c', bundle(40))
  expect(['a', 'b', 'c'].map((name) => store.get(name) !== undefined)).toEqual([true, false, true])
})

it('counts a replaced file once, and keeps nothing that is larger than all', () => {
  const store = new BundleStore(100)
  for (let times = 0; times < 5; times += 1) store.set('a', bundle(60))
  store.set('b', bundle(40))
  expect(store.get('a')).toBeDefined()
  store.set('huge', bundle(101))
  expect(store.get('huge')).toBeUndefined()
  store.set('c', bundle(100))
  expect(store.get('c')).toBeDefined()
})
