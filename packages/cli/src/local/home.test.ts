import { mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findHome, homeAt, prepareHome } from './home.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'soen-home-'))

test('is the nearest .soen above the current folder', () => {
  const root = newFolder()
  mkdirSync(join(root, '.soen'))
  mkdirSync(join(root, 'a', 'b'), { recursive: true })
  expect(findHome({ from: join(root, 'a', 'b') }).path).toBe(join(root, '.soen'))
})

test("is the user's own where there is none", () => {
  expect(findHome({ from: newFolder(), userFolder: '/home/ada/.local/share/soen/local' }).path).toBe(
    '/home/ada/.local/share/soen/local',
  )
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
  const home = homeAt(join(newFolder(), '.soen'))
  await prepareHome(home)
  expect(statSync(home.path).mode & 0o777).toBe(0o700)
  expect(statSync(home.run).mode & 0o777).toBe(0o700)
})
