import { expect, test } from 'vitest'
import { isStorableName } from './names.ts'

test.each(['loss', 'val/loss', 'a b.c-d:e', '损失', 'Größe', '.hidden', 'x'.repeat(250)])(
  '%s is a name',
  (name) => {
    expect(isStorableName(name)).toBe(true)
  },
)

test.each([
  ['nothing', ''],
  ['the folder itself', '.'],
  ['the way out', '../x'],
  ['a way out in the middle', 'a/../../x'],
  ['an absolute path', '/etc/passwd'],
  ['a folder', 'a/'],
  ['an empty part', 'a//b'],
  ['a sign that MLflow refuses', 'a@b'],
  ['a line break', 'a\nb'],
  ['more than MLflow takes', 'x'.repeat(251)],
  ['more bytes than a file system takes', '损'.repeat(90)],
])('%s is no name', (_, name) => {
  expect(isStorableName(name)).toBe(false)
})
