import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { findHome, homeAt, prepareHome } from './home.ts'

test('is the nearest .soen above the current folder', () => {
  using folder = temporaryFolder('home')
  const root = folder.path
  mkdirSync(join(root, '.soen'))
  mkdirSync(join(root, 'a', 'b'), { recursive: true })
  expect(findHome({ from: join(root, 'a', 'b') }).path).toBe(join(root, '.soen'))
})

test("is the user's own where there is none", () => {
  using folder = temporaryFolder('home')
  const userFolder = '/home/ada/.local/share/soen/local'
  expect(findHome({ from: folder.path, userFolder }).path).toBe(userFolder)
})

test('is the chosen one, relative to the current folder', () => {
  expect(findHome({ chosen: 'here', from: '/work' }).path).toBe('/work/here')
})

test('keeps the sockets of a deep home in the cache, one folder each', () => {
  const [a, b] = ['a', 'b'].map((name) => homeAt(`/${'d'.repeat(100)}/${name}`, '/cache').controlSocket)
  expect(a).toMatch(/^\/cache\/run\/[0-9a-f]{8}\/control\.sock$/)
  expect(a).not.toBe(b)
})

test('is closed to everybody else', async () => {
  using folder = temporaryFolder('home')
  const home = homeAt(join(folder.path, '.soen'))
  await prepareHome(home)
  expect(statSync(home.path).mode & 0o777).toBe(0o700)
  expect(statSync(home.run).mode & 0o777).toBe(0o700)
})

test('says at once where no folder can be made, as below /proc', async () => {
  await expect(prepareHome(homeAt('/proc/soen/home'))).rejects.toThrow('/proc/soen')
})
