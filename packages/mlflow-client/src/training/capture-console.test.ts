import { execFile } from 'node:child_process'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startFakeMlflow } from '../testing/fake-mlflow.ts'

test('what a program writes becomes an artifact, and its output stays as it is', async () => {
  await using server = await startFakeMlflow()
  await using folder = await mkdtempDisposable(join(tmpdir(), 'console-'))
  const program = join(import.meta.dirname, '../testing/console-child.ts')
  const args = [program, server.url, join(folder.path, 'spool')]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args)
  const bar = Array.from({ length: 101 }, (_, done) => `\r${done} %`).join('')
  expect(stdout).toBe(`before\n\u001B[32mgreen\u001B[39m 1\ngröße\n${bar}\nonly the first\nafter\nrestored\n`)
  expect(stderr).toBe('to stderr\n')
  const captured = 'green 1\nto stderr\ngröße\n100 %\n'
  const artifacts = Object.fromEntries(
    Array.from(server.artifacts, ([path, bytes]) => [path, bytes.toString()]),
  )
  expect(artifacts).toEqual({
    '1/run0/artifacts/console.txt': `${captured}only the first\n`,
    '1/run1/artifacts/console.txt': captured,
  })
})
