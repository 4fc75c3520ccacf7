import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startPostgres } from './postgres.ts'

test('answers by its unix socket, with a database of its own', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase('mlflow')
  const { stdout } = await promisify(execFile)('psql', [url, '-tAc', 'select current_database()'])
  expect(stdout.trim()).toBe('mlflow')
})
