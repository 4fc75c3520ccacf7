import { appendFile, mkdir, mkdtempDisposable, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StableFiles } from './stable-files.ts'

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>
let path: string
let files: StableFiles

beforeEach(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), 'stable-'))
  path = join(folder.path, 'model.ckpt')
  files = watching(0)
})
afterEach(() => folder[Symbol.asyncDispose]())

const watching = (sinceMs: number): StableFiles =>
  new StableFiles({ dir: folder.path, extension: '.ckpt', sidecar: '.soen', sinceMs })

const look = (): string[] =>
  files
    .look()
    .map((found) =>
      [relative(folder.path, found.path), found.sidecar && basename(found.sidecar.path)]
        .filter(Boolean)
        .join('+'),
    )

describe('a checkpoint is complete', () => {
  test('when two looks in a row see the same file, and then only once', async () => {
    await writeFile(path, 'half')
    expect(look()).toEqual([])
    await appendFile(path, ' whole')
    expect(look()).toEqual([])
    expect(look()).toEqual(['model.ckpt'])
    expect(look()).toEqual([])
  })

  test.each(['model.soen', 'model.ckpt.soen'])(
    'with its side-car %s, when that is whole too',
    async (sidecar) => {
      await writeFile(path, 'weights')
      await writeFile(join(folder.path, sidecar), '{')
      expect(look()).toEqual([])
      await appendFile(join(folder.path, sidecar), '}')
      expect(look()).toEqual([])
      expect(look()).toEqual([`model.ckpt+${sidecar}`])
      expect(look()).toEqual([])
    },
  )

  test('once more when its side-car follows later', async () => {
    await writeFile(path, 'weights')
    look()
    expect(look()).toEqual(['model.ckpt'])
    await writeFile(join(folder.path, 'model.soen'), '{}')
    expect(look()).toEqual([])
    expect(look()).toEqual(['model.ckpt+model.soen'])
  })

  test('not by the side-car of the one that it overwrites', async () => {
    await writeFile(path, 'new weights')
    await writeFile(join(folder.path, 'model.soen'), 'of the old ones')
    await utimes(join(folder.path, 'model.soen'), 1000, 1000)
    expect(look()).toEqual([])
    expect(look()).toEqual(['model.ckpt'])
  })

  test('again when it is written anew', async () => {
    await writeFile(path, 'first')
    look()
    look()
    await writeFile(path, 'second one')
    expect(look()).toEqual([])
    expect(look()).toEqual(['model.ckpt'])
  })
})

test('finds those of folders below, the older first, and nothing but checkpoints', async () => {
  await mkdir(join(folder.path, 'fold-1', 'odd.ckpt'), { recursive: true })
  await writeFile(path, '')
  await writeFile(join(folder.path, 'fold-1', 'a.ckpt'), '')
  await writeFile(join(folder.path, 'notes.txt'), '')
  await utimes(join(folder.path, 'fold-1', 'a.ckpt'), 1000, 1000)
  look()
  expect(look()).toEqual([join('fold-1', 'a.ckpt'), 'model.ckpt'])
})

test('leaves those of earlier trainings alone', async () => {
  await writeFile(path, '')
  await utimes(path, 1000, 1000)
  files = watching(2_000_000)
  look()
  expect(look()).toEqual([])
})

test('waits for a folder that does not exist yet', async () => {
  await rm(folder.path, { recursive: true })
  expect(look()).toEqual([])
  await mkdir(folder.path)
  await writeFile(path, '')
  look()
  expect(look()).toEqual(['model.ckpt'])
})
