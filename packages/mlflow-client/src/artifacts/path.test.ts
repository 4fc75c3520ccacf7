import { expect, test } from 'vitest'
import { normalizeArtifactPath, toStorablePath } from './path.ts'

test.each([
  ['a/b.txt', 'a/b.txt'],
  ['/a//./b.txt', 'a/b.txt'],
  ['', undefined],
  ['a/../../b', undefined],
])('normal form of %j is %j', (path, normal) => {
  expect(normalizeArtifactPath(path)).toBe(normal)
})

test.each([
  'a b.txt',
  '100%.txt',
  '50% off',
  'why?.txt',
  '模型😀.ckpt',
  'epoch=00-val_loss=0.78.ckpt',
  'lr=0.1;bs=32.png',
])('leaves %j as it is', (path) => {
  expect(toStorablePath(path)).toBe(path)
})

test.each([
  ['a#b', 'a_b'],
  ['x%41y', 'x_41y'],
  ['what?', 'what_'],
  ['end;', 'end_'],
  ['a\\b', 'a_b'],
  ['a;?b', 'a_?b'],
  ['half\uD83D.txt', 'half_.txt'],
  ['a\nb', 'a_b'],
])('changes %j to %j, which MLflow can store', (path, storable) => {
  expect(toStorablePath(path)).toBe(storable)
})
