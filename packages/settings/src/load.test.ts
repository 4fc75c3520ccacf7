import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadSettings } from './load.ts'

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'soen-settings-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'soen.yaml')
  await writeFile(path, text)
  return path
}

test('reads a file', async () => {
  const settings = await loadSettings(await fileWith('targets: { dev: { where: local } }'))
  expect(Object.keys(settings.targets)).toEqual(['dev'])
})

test('names the file in what it says of it', async () => {
  const path = await fileWith('targets: 5')
  await expect(loadSettings(path)).rejects.toThrow(
    `${path}:1:10: \`targets\`: expected a group of keys, found 5`,
  )
})

test('a file that is not there is an error with the way on, and keeps its cause', async () => {
  await expect(loadSettings('/nowhere/soen.yaml')).rejects.toMatchObject({
    code: 'SOEN_SETTINGS_MISSING',
    message: '/nowhere/soen.yaml cannot be read (ENOENT)',
    hint: expect.stringContaining('annotated example'),
    cause: expect.objectContaining({ code: 'ENOENT' }),
  })
})
