import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { locateHeld, takeFile, takeContent } from './take-file.ts'

/** Too large to be copied while the training waits. */
const LARGE = Buffer.alloc(9 * 1024 * 1024, 'weights')

test('a small file may be overwritten and deleted at once', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  const path = join(folder.path, 'plot.png')
  const held = [1, 2, 3].map((number) => {
    writeFileSync(path, `plot ${number}`)
    return takeFile(path, folder.path, number).held
  })
  rmSync(path)
  const contents = held.map(({ file }) => readFileSync(join(folder.path, file), 'utf8'))
  expect(contents).toEqual(['plot 1', 'plot 2', 'plot 3'])
})

test('a large file may be deleted at once, and takes no room twice', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  const path = join(folder.path, 'model.ckpt')
  writeFileSync(path, LARGE)
  const { held } = takeFile(path, folder.path, 1)
  // A file system that can clone files makes a copy, others a link.
  const isLink = statSync(join(folder.path, held.file)).ino === statSync(path).ino
  expect(held.at?.sizeBytes).toBe(isLink ? LARGE.length : undefined)
  rmSync(path)
  expect(readFileSync(join(folder.path, held.file)).equals(LARGE)).toBe(true)
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

/** A spool folder on another file system than the temporary folder, on Linux. */
async function otherFileSystem(): ReturnType<typeof mkdtempDisposable> {
  const folder = await mkdtempDisposable(join('/dev/shm', 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  return folder
}

test('a large file may be deleted at once where no link can be made, too', async () => {
  await using spool = await otherFileSystem()
  await using other = await mkdtempDisposable(join(tmpdir(), 'take-'))
  const path = join(other.path, 'model.ckpt')
  writeFileSync(path, LARGE)
  const { held, copying } = takeFile(path, spool.path, 1)
  rmSync(path)
  expect(held).toMatchObject({ file: path, copy: 'uploads/000001' })
  expect(await copying?.done).toBe(true)
  expect(readFileSync(locateHeld(held, spool.path).file).equals(LARGE)).toBe(true)
  expect(readdirSync(join(spool.path, 'uploads'))).toEqual(['000001'])
})

test('a program that ends makes its copies whole first', async () => {
  await using spool = await otherFileSystem()
  await using other = await mkdtempDisposable(join(tmpdir(), 'take-'))
  const path = join(other.path, 'model.ckpt')
  writeFileSync(path, LARGE)
  const { held, copying } = takeFile(path, spool.path, 1)
  rmSync(path)
  copying?.finish()
  expect(readFileSync(locateHeld(held, spool.path).file).equals(LARGE)).toBe(true)
  await copying?.done
})

test('tells when a large file was written to while it was copied', async () => {
  await using spool = await otherFileSystem()
  await using other = await mkdtempDisposable(join(tmpdir(), 'take-'))
  const path = join(other.path, 'model.ckpt')
  writeFileSync(path, LARGE)
  const { copying } = takeFile(path, spool.path, 1)
  appendFileSync(path, 'more')
  expect(await copying?.done).toBe(false)
})

test('is the file itself where neither link nor copy can be made', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  const path = join(folder.path, 'model.ckpt')
  writeFileSync(path, 'weights')
  const { held, copying } = takeFile(path, join(folder.path, 'no-such-folder'), 1)
  await copying?.done
  expect(locateHeld(held, join(folder.path, 'no-such-folder'))).toMatchObject({
    file: path,
    at: { sizeBytes: 7 },
  })
})

test('refuses a folder and a missing file', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  expect(() => takeFile(folder.path, folder.path, 1)).toThrow('not a file')
  expect(() => takeFile(join(folder.path, 'none'), folder.path, 1)).toThrow('ENOENT')
})

test('keeps a text for the owner only', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'take-'))
  mkdirSync(join(folder.path, 'uploads'))
  const held = join(folder.path, takeContent('notes', folder.path, 2).file)
  expect(readFileSync(held, 'utf8')).toBe('notes')
  expect(statSync(held).mode & 0o777).toBe(0o600)
})
