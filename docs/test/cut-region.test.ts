import { expect, test } from 'vitest'
import { cutRegion } from '../src/cut-region.ts'

const file = `first
  // #region middle
  one
    two

  // #endregion
last
`

test('cuts the lines of a region and takes their common indentation away', () => {
  expect(cutRegion(file, 'middle', 'a.ts')).toBe('one\n  two')
})

test('knows the comments of Python and YAML', () => {
  expect(cutRegion('# #region all\nx = 1\n# #endregion\n', 'all', 'a.py')).toBe('x = 1')
})

test.each([
  ['a region that is not there', 'other'],
  ['a region whose name only begins the same', 'mid'],
])('%s stops the build', (_, region) => {
  expect(() => cutRegion(file, region, 'a.ts')).toThrow(`a.ts has no closed region "${region}"`)
})

test('a region that is never closed stops the build', () => {
  expect(() => cutRegion('// #region open\none', 'open', 'a.ts')).toThrow('a.ts has no closed region "open"')
})
