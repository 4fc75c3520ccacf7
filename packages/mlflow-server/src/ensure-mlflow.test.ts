import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { mlflowVersion } from './ensure-mlflow.ts'

const locked = (name: string) => readFile(new URL(`../mlflow/${name}`, import.meta.url), 'utf8')

test('installs the version it names', async () => {
  expect(await locked('requirements.txt')).toContain(`\nmlflow==${mlflowVersion} \\\n`)
})

test.each(['requirements.txt', 'uv-requirements.txt'])('locks every package of %s by hash', async (name) => {
  const entries = (await locked(name)).split(/\n(?=\S)/)
  expect(entries.length).toBeGreaterThan(0)
  for (const entry of entries) expect(entry).toMatch(/==.*\n? +--hash=sha256:[0-9a-f]{64}/s)
})
