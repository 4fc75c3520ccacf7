import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseCredentials, readCredentialsFile } from './credentials-file.ts'

test('takes the section of MLflow and nothing else', () => {
  const text = `
[other]
mlflow_tracking_password = wrong
[mlflow]
# a comment = x
; another: y
MLflow_Tracking_Username = ann
mlflow_tracking_password: p = w:50%% # kept
mlflow_tracking_token=t0k
[mlflow2]
mlflow_tracking_username = bob
`
  expect(parseCredentials(text)).toEqual({ username: 'ann', password: 'p = w:50% # kept', token: 't0k' })
})

test('reads it from the user’s home', async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), 'home-'))
  expect(await readCredentialsFile({ HOME: home.path })).toEqual({})
  await mkdir(join(home.path, '.mlflow'))
  await writeFile(join(home.path, '.mlflow/credentials'), '[mlflow]\r\nmlflow_tracking_username = ann\r\n')
  expect(await readCredentialsFile({ HOME: home.path })).toEqual({ username: 'ann' })
})
