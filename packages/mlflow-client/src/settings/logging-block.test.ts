import { expect, test } from 'vitest'
import { parseLoggingBlock } from './logging-block.ts'

test('reads the block and leaves the rest of the file to the trainer', () => {
  const logging = { mlflow_active: true, mlflow_password: 'x', seed: 3 }
  expect(parseLoggingBlock({ logging, model: { depth: 4 } })).toEqual(logging)
})

test.each([[undefined], [null], ['text'], [{}], [{ logging: null }]])('finds no block in %j', (file) => {
  expect(parseLoggingBlock(file)).toBeUndefined()
})

test('takes an empty key for its default', () => {
  expect(parseLoggingBlock({ logging: { mlflow_active: true, mlflow_username: null } })).toEqual({
    mlflow_active: true,
  })
})

test('answers an unknown key with the one that was meant', () => {
  expect(() => parseLoggingBlock({ logging: { mlflow_pasword: 'x' } })).toThrow(
    expect.objectContaining({
      code: 'SOEN_CONFIG_UNKNOWN_KEY',
      message: expect.stringContaining('"mlflow_pasword"'),
      hint: 'Did you mean "mlflow_password"?',
    }),
  )
  expect(() => parseLoggingBlock({ logging: { tensorboard: true } })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('Known keys: mlflow_active') }),
  )
})

test('refuses a value of the wrong kind without showing it', () => {
  expect(() => parseLoggingBlock({ logging: { mlflow_password: 123456 } })).toThrow(
    expect.objectContaining({
      code: 'SOEN_CONFIG_INVALID',
      message: '`logging.mlflow_password` must be a string, it is a number.',
      hint: expect.stringContaining('quotes'),
    }),
  )
  expect(() => parseLoggingBlock({ logging: ['mlflow_active'] })).toThrow('not a mapping')
})
