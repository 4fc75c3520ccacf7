import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clientVersion } from './version.ts'

test('is the version of the manifest', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(clientVersion()).toBe(manifest.version)
})
