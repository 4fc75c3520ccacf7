import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseStoreUri } from './store-uri.ts'

test.each([
  ['file:./mlruns', resolve('mlruns')],
  ['file:mlruns', resolve('mlruns')],
  ['file:../mlruns', resolve('../mlruns')],
  ['file:/abs/mlruns', '/abs/mlruns'],
  ['file:///abs/mlruns/', '/abs/mlruns'],
  ['FILE://localhost/abs', '/abs'],
  ['file:///a%20b/%C3%A9', '/a b/é'],
  ['file:///50%/x', '/50%/x'],
  ['./mlruns', resolve('mlruns')],
  ['/abs/mlruns', '/abs/mlruns'],
])('%s is the folder %s', (uri, path) => {
  expect(parseStoreUri(uri)).toBe(path)
})

test.each(['https://h', 'sqlite:///x.db', 'databricks', 'mlruns'])('%s is no folder', (uri) => {
  expect(parseStoreUri(uri)).toBeUndefined()
})

test('says how many slashes are meant, rather than write somewhere else', () => {
  expect(() => parseStoreUri('file://mlruns/x')).toThrow(
    expect.objectContaining({
      code: 'SOEN_TRACKING_URI_INVALID',
      hint: expect.stringContaining('file:./mlruns/x'),
    }),
  )
})

test.each(['file:', 'file:///', 'file://localhost'])('%s names nothing', (uri) => {
  expect(() => parseStoreUri(uri)).toThrow('names no folder')
})
