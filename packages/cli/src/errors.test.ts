import { SettingsError } from '@soen/settings'
import { expect, test } from 'vitest'
import { CliError, explain, RelayedError } from './errors.ts'

test('shows code, message, hint, page and every cause', () => {
  const error = new CliError('MLflow does not start.', {
    code: 'SOEN_MLFLOW_FAILED',
    hint: 'Read `soen logs mlflow`.',
    cause: new Error('exit code 1', { cause: new Error('no such table') }),
  })
  expect(explain(error)).toEqual({
    code: 'SOEN_MLFLOW_FAILED',
    message: 'MLflow does not start.',
    hint: 'Read `soen logs mlflow`.',
    docs: '/troubleshooting/local/#soen_mlflow_failed',
    causes: ['exit code 1', 'no such table'],
  })
})

test('shows all that is wrong in one settings file', () => {
  const like = { code: 'SOEN_SETTINGS_INVALID', hint: 'See it.' } as const
  const error = new SettingsError([
    { ...like, message: 'one' },
    { ...like, message: 'two' },
    { ...like, message: 'three' },
  ])
  expect(explain(error)).toMatchObject({ message: 'one (and 2 more)', causes: ['two', 'three'] })
})

test.each([
  ['EACCES', 'this account may not'],
  ['EROFS', 'its disk can only be read'],
  ['ENOSPC', 'its disk is full'],
])('names the file that the system refuses by %s', (code, why) => {
  const refused = Object.assign(new Error(`${code}: …, open '/srv/x'`), {
    code,
    path: '/srv/x',
    syscall: 'open',
  })
  expect(explain(refused)).toMatchObject({
    code: 'SOEN_FILE_REFUSED',
    message: `/srv/x can not be used: ${why}.`,
  })
})

test('leads to the page of the machine where the same code has another one on this computer', () => {
  const full = { code: 'SOEN_DISK_FULL', hint: 'Free some.' } as const
  expect(new CliError('Full.', full).docs).toBe('/troubleshooting/local/#soen_disk_full')
  expect(new CliError('Full.', { ...full, page: 'server' }).docs).toBe(
    '/troubleshooting/server/#soen_disk_full',
  )
})

test('shows what another program told as that told it', () => {
  const told = {
    code: 'SOEN_NOT_HEALTHY',
    message: 'It does not answer.',
    hint: 'Look at it.',
    docs: '/troubleshooting/server/#soen_not_healthy',
    causes: ['no answer', 'refused'],
  }
  expect(explain(new RelayedError(told))).toEqual(told)
})

test.each([
  new TypeError('x is undefined'),
  Object.assign(new Error('x'), { code: 'ENOENT' }),
  'thrown text',
])('calls %s unexpected', (error) => {
  expect(explain(error)).toMatchObject({
    code: 'SOEN_UNEXPECTED',
    hint: expect.stringContaining('--verbose'),
  })
})
