import { expect, test } from 'vitest'
import { installError, runTool } from './run-tool.ts'

test('keeps output and exit code', async () => {
  expect(await runTool('sh', ['-c', 'echo out; echo err >&2; exit 3'])).toEqual({
    code: 3,
    stdout: 'out\n',
    stderr: 'err\n',
  })
})

test('answers as a shell does when there is no such tool', async () => {
  expect(await runTool('/no/such/tool', [])).toMatchObject({ code: 127 })
})

test.each([
  ['OSError: [Errno 28] No space left on device', 'SOEN_DISK_FULL'],
  [
    'The virtual environment was not created successfully because ensurepip is not available.',
    'SOEN_PYTHON_VENV_MISSING',
  ],
  ['/usr/bin/python3: No module named pip', 'SOEN_PYTHON_VENV_MISSING'],
  [
    'error: Failed to fetch: `simple/mlflow/`: dns error: failed to lookup address',
    'SOEN_REGISTRY_UNREACHABLE',
  ],
  ['ERROR: No matching distribution found for uv==0.13.9', 'SOEN_REGISTRY_UNREACHABLE'],
  ['error: Hash mismatch for `mlflow==3.17.2`', 'SOEN_PACKAGE_HASH_MISMATCH'],
  ['something else', 'SOEN_INSTALL_FAILED'],
])('names the cause of «%s»', (stderr, code) => {
  const error = installError('Installing MLflow', { code: 2, stdout: '', stderr })
  expect(error).toMatchObject({ code, hint: expect.stringMatching(/\.$/) })
  expect(error.cause).toMatchObject({ message: stderr })
})
