import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listFolder } from './list-files.ts'

test('finds the files of a folder and of the folders in it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'list-'))
  mkdirSync(join(folder.path, 'a/b'), { recursive: true })
  writeFileSync(join(folder.path, 'a/b/deep'), '')
  writeFileSync(join(folder.path, 'top'), '')
  symlinkSync('top', join(folder.path, 'link'))
  symlinkSync('nowhere', join(folder.path, 'broken'))
  symlinkSync('a', join(folder.path, 'to a folder'))
  const found = listFolder(folder.path) ?? []
  expect(new Set(found.map(({ below }) => below))).toEqual(new Set(['a/b/deep', 'top', 'link']))
  expect(found.find(({ below }) => below === 'a/b/deep')?.path).toBe(join(folder.path, 'a/b/deep'))
})

test('is nothing for what is no folder', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'list-'))
  writeFileSync(join(folder.path, 'file'), '')
  expect(listFolder(join(folder.path, 'file'))).toBeUndefined()
  expect(listFolder(join(folder.path, 'none'))).toBeUndefined()
  expect(listFolder(folder.path)).toHaveLength(1)
})
