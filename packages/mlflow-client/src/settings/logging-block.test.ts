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
  expect(() => parseLoggingBlock({ logging: { mlflow_colour: 'red' } })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('Known keys: mlflow_active') }),
  )
})

test.each<[unknown]>([
  [{ level: 'INFO', log_every_n_steps: 50, save_dir: 'logs', run_dir: 'runs', project: { name: 'x' } }],
  [{ tensorboard: true, log_dir: 'x', team_name: 'y', need: 1 }],
  ['INFO'],
  [['console', 'file']],
  [true],
])('leaves a trainer’s own block alone: %j', (logging) => {
  expect(parseLoggingBlock({ logging })).toBeUndefined()
})

test('leaves a trainer’s keys beside its own alone', () => {
  const logging = { mlflow_active: true, level: 'INFO', log_every_n_steps: 50 }
  expect(parseLoggingBlock({ logging })).toEqual({ mlflow_active: true })
})

test.each([['mlfow_active'], ['MLFLOW_ACTIVE'], ['keep_slash'], ['spooldir']])(
  'refuses the slip %s',
  (key) => {
    expect(() => parseLoggingBlock({ logging: { level: 'INFO', [key]: true } })).toThrow(
      expect.objectContaining({
        code: 'SOEN_CONFIG_UNKNOWN_KEY',
        hint: expect.stringMatching(/^Did you mean/),
      }),
    )
  },
)

test('puts environment variables in, as shells and OmegaConf spell them', () => {
  const logging = {
    mlflow_active: '${oc.env:ACTIVE}',
    mlflow_password: '${PW}',
    mlflow_tracking_uri: 'https://${oc.env:HOST}:${oc.env:PORT,5500}',
    mlflow_username: "${oc.env:NOBODY, 'ann'}",
    mlflow_experiment_name: '${oc.env:NOBODY,null}',
    seed: '${oc.env:SEED}',
    level: '${hydra:verbose}',
  }
  const env = { ACTIVE: 'yes', PW: 'a$b', HOST: 'h', SEED: '7' }
  expect(parseLoggingBlock({ logging }, env)).toEqual({
    mlflow_active: true,
    mlflow_password: 'a$b',
    mlflow_tracking_uri: 'https://h:5500',
    mlflow_username: 'ann',
    mlflow_experiment_name: '',
    seed: 7,
  })
})

test.each([['${PW}'], ['${oc.env:PW}']])('names the variable of %s that is not set', (mlflow_password) => {
  expect(() => parseLoggingBlock({ logging: { mlflow_password } }, {})).toThrow(
    expect.objectContaining({
      code: 'SOEN_CONFIG_INVALID',
      message: expect.stringContaining('variable PW,'),
    }),
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
