import { expect, test } from 'vitest'
import { cacheFolder, configFolder, dataFolder } from './folders.ts'

const linux = { env: {}, home: '/home/ada', platform: 'linux' } as const

test.each([
  [linux, '/home/ada/.cache/soen'],
  [{ ...linux, platform: 'darwin' } as const, '/home/ada/Library/Caches/soen'],
  [{ ...linux, env: { XDG_CACHE_HOME: '/var/c' } }, '/var/c/soen'],
  [{ ...linux, env: { XDG_CACHE_HOME: '' } }, '/home/ada/.cache/soen'],
  [{ ...linux, env: { XDG_CACHE_HOME: '/var/c', SOEN_CACHE_DIR: '/fast' } }, '/fast'],
])('keeps downloads where the system keeps them (%#)', (surroundings, expected) => {
  expect(cacheFolder(surroundings)).toBe(expected)
})

test.each([
  [linux, '/home/ada/.local/share/soen'],
  [{ ...linux, platform: 'darwin' } as const, '/home/ada/Library/Application Support/soen'],
  [{ ...linux, env: { XDG_DATA_HOME: '/data' } }, '/data/soen'],
])('keeps data where the system keeps it (%#)', (surroundings, expected) => {
  expect(dataFolder(surroundings)).toBe(expected)
})

test.each([
  [linux, '/home/ada/.config/soen'],
  [{ ...linux, platform: 'darwin' } as const, '/home/ada/Library/Application Support/soen'],
  [{ ...linux, env: { XDG_CONFIG_HOME: '/config' } }, '/config/soen'],
])('keeps logins where the system keeps settings (%#)', (surroundings, expected) => {
  expect(configFolder(surroundings)).toBe(expected)
})
