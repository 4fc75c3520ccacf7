/**
 * Turns the requirements beside it into hash-locked ones, for every platform and every Python that MLflow runs on.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../src/folders.ts'
import { ensureUv } from '../src/python-environment/ensure-uv.ts'
import { findPython } from '../src/python-environment/find-python.ts'

const uv = await ensureUv({ cache: cacheFolder(), base: await findPython() })
for (const name of ['requirements', 'uv-requirements', 'caddy-requirements']) {
  const options = [
    '--generate-hashes',
    '--universal',
    '--python-version',
    '3.10',
    '--no-header',
    '--no-annotate',
    '--upgrade',
  ]
  const files = [`${name}.in`, '--output-file', `${name}.txt`]
  const cwd = fileURLToPath(new URL('.', import.meta.url))
  const { status } = spawnSync(uv, ['pip', 'compile', '--quiet', ...options, ...files], {
    cwd,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}
