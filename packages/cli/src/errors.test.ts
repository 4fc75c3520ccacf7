import { expect, test } from 'vitest'
import { CliError, explain } from './errors.ts'

test('shows code, message, hint and every cause', () => {
  const error = new CliError('MLflow does not start.', {
    code: 'SOEN_MLFLOW_FAILED',
    hint: 'Read `soen logs mlflow`.',
    cause: new Error('exit code 1', { cause: new Error('no such table') }),
  })
  expect(explain(error)).toEqual({
    code: 'SOEN_MLFLOW_FAILED',
    message: 'MLflow does not start.',
    hint: 'Read `soen logs mlflow`.',
    causes: ['exit code 1', 'no such table'],
  })
})

test.each([
  new TypeError('x is undefined'),
  Object.assign(new Error('x'), { code: 'ENOENT' }),
  'thrown text',
])('calls %s unexpected', (error) => {
  expect(explain(error)).toMatchObject({
    code: 'SOEN_UNEXPECTED',
    hint: expect.stringContaining('SOEN_DEBUG'),
  })
})
