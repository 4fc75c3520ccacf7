import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { findSettings } from './find-target.ts'

test('finds the nearest settings file at or above a folder', () => {
  using folder = temporaryFolder('target')
  const settings = join(folder.path, 'soen.yaml')
  writeFileSync(settings, '')
  const deep = join(folder.path, 'a', 'b')
  mkdirSync(deep, { recursive: true })
  expect(findSettings(undefined, deep)).toBe(settings)
})
