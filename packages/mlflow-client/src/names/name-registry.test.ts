import { describe, expect, test } from 'vitest'
import { NameRegistry } from './name-registry.ts'

describe('NameRegistry', () => {
  test('never gives one name to two metrics', () => {
    const names = new NameRegistry()
    expect(['a/b', 'a_b', 'a@b', 'a/b', 'a:b'].map((name) => names.clean(name))).toEqual([
      'a_b',
      'a_b_2',
      'a_at_b',
      'a_b',
      'a:b',
    ])
  })

  test('knows the originals of the names that changed', () => {
    const names = new NameRegistry()
    for (const name of ['fine', 'val/x', 'val_x']) names.clean(name)
    expect(names.changed()).toEqual({ val_x: 'val/x', val_x_2: 'val_x' })
  })

  test('gives nobody what others hold', () => {
    const names = new NameRegistry()
    names.hold('a_b', 'a@@b')
    names.hold('x', 'x')
    expect(['a_b', 'a/b', 'x', 'a@@b'].map((name) => names.clean(name))).toEqual([
      'a_b_2',
      'a_b_3',
      'x',
      'a_b',
    ])
  })
})
