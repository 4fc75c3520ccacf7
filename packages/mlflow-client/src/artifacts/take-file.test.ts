import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { locateHeld, takeFile, takeText } from './take-file.ts'

test('holds on to a file that the trainer deletes, without copying it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  const path = join(folder.path, 'model.ckpt')
  writeFileSync(path, 'weights')
  const held = join(folder.path, takeFile(path, folder.path, 1).held.file)
  expect(statSync(held).ino).toBe(statSync(path).ino)
  rmSync(path)
  expect(readFileSync(held, 'utf8')).toBe('weights')
})

test('follows a symbolic link to the file it means', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  writeFileSync(join(folder.path, 'real'), 'weights')
  symlinkSync('real', join(folder.path, 'last.ckpt'))
  const held = join(folder.path, takeFile(join(folder.path, 'last.ckpt'), folder.path, 1).held.file)
  rmSync(join(folder.path, 'real'))
  expect(readFileSync(held, 'utf8')).toBe('weights')
})

/** /dev/shm is another file system than the temporary folder, on Linux. */
test('copies in the background where no link can be made, whole or not at all', async () => {
  await using folder = await mkdtempDisposable(join('/dev/shm', 'take-'))
  await using other = await mkdtempDisposable(join(tmpdir(), 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  const path = join(other.path, 'model.ckpt')
  writeFileSync(path, 'weights')
  const { held, copied } = takeFile(path, folder.path, 1)
  expect(held).toEqual({ file: path, copy: 'uploads/000001' })
  await copied
  rmSync(path)
  expect(readFileSync(locateHeld(held, folder.path), 'utf8')).toBe('weights')
  expect(readdirSync(join(folder.path, 'uploads'))).toEqual(['000001'])
})

test('is the file itself where neither link nor copy can be made', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  const path = join(folder.path, 'model.ckpt')
  writeFileSync(path, 'weights')
  const { held, copied } = takeFile(path, join(folder.path, 'no-such-folder'), 1)
  await copied
  expect(locateHeld(held, join(folder.path, 'no-such-folder'))).toBe(path)
})

test('refuses a folder and a missing file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  expect(() => takeFile(folder.path, folder.path, 1)).toThrow('not a file')
  expect(() => takeFile(join(folder.path, 'none'), folder.path, 1)).toThrow('ENOENT')
})

test('keeps a text for the owner only', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  const held = join(folder.path, takeText('notes', folder.path, 2).held.file)
  expect(readFileSync(held, 'utf8')).toBe('notes')
  expect(statSync(held).mode & 0o777).toBe(0o600)
})
