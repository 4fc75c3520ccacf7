import { expect, test } from 'vitest'
import { ClientError } from './client-error.ts'

test('carries code, hint, page and cause', () => {
  const cause = new Error('underneath')
  const error = new ClientError({
    code: 'SOEN_CONFIG_INVALID',
    message: 'What happened.',
    hint: 'Do this.',
    cause,
  })
  expect(error).toMatchObject({
    name: 'ClientError',
    code: 'SOEN_CONFIG_INVALID',
    message: 'What happened.',
    hint: 'Do this.',
    docs: '/troubleshooting/client/#soen_config_invalid',
    cause,
  })
})

test('has no cause when there was none', () => {
  const error = new ClientError({ code: 'SOEN_CONFIG_INVALID', message: '', hint: '' })
  expect('cause' in error).toBe(false)
})
