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

test('reads what Windows’ editors write', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'config-'))
  const path = join(folder.path, 'train.yaml')
  const text = '\uFEFFlogging:\n  project: größe\n'
  const little = Buffer.from(text, 'utf16le')
  for (const bytes of [Buffer.from(text), little, Buffer.from(little).swap16()]) {
    await writeFile(path, bytes)
    expect(await loadConfig(path)).toEqual({ logging: { project: 'größe' } })
  }
})

test('takes the first of several documents that has the block', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'config-'))
  const path = join(folder.path, 'train.yaml')
  await writeFile(path, 'model: 1\n---\nlogging: {mlflow_active: yes}\n---\nlogging: {}\n')
  expect(await loadConfig(path)).toEqual({ logging: { mlflow_active: true } })
  await writeFile(path, 'model: 1\n---\nmodel: 2\n')
  expect(await loadConfig(path)).toEqual({ model: 1 })
})
