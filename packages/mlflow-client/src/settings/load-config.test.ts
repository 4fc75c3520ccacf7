import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from './load-config.ts'

test('reads YAML', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'config-'))
  const path = join(folder.path, 'train.yaml')
  await writeFile(path, 'logging:\n  mlflow_active: true # on\n  seed: 0x10\n')
  expect(await loadConfig(path)).toEqual({ logging: { mlflow_active: true, seed: 16 } })
})

test('names file and line of a mistake, and not the password in it', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'config-'))
  const path = join(folder.path, 'train.yaml')
  await writeFile(path, 'logging:\n  mlflow_password: "s3cret\n')
  const error = await loadConfig(path).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: 'SOEN_CONFIG_INVALID',
    message: expect.stringMatching(/train\.yaml .* line [23]/),
  })
  expect(JSON.stringify(error) + String(error)).not.toContain('s3cret')
})

test('says when there is no such file', async () => {
  await expect(loadConfig('/nowhere/train.yaml')).rejects.toMatchObject({
    code: 'SOEN_CONFIG_UNREADABLE',
    message: expect.stringContaining('/nowhere/train.yaml'),
    cause: { code: 'ENOENT' },
  })
})
