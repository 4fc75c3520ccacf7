import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { resolveSettings, type SettingsSources } from './resolve-settings.ts'
import type { RemoteSettings, ServerSettings } from './settings.ts'

const server = 'https://mlflow.example.org'

function active(sources: SettingsSources): RemoteSettings {
  const settings = resolveSettings(sources)
  if (!settings.active) throw new Error(settings.reason)
  return settings
}

function remote(sources: SettingsSources): ServerSettings {
  const settings = active(sources)
  if (settings.target !== 'server') throw new Error(settings.path)
  return settings
}

function withBlock(logging: object, rest: SettingsSources = {}): SettingsSources {
  return {
    ...rest,
    configFile: { logging: { mlflow_active: true, mlflow_tracking_uri: server, ...logging } },
  }
}

describe('whether logging is on', () => {
  test.each<[string, SettingsSources]>([
    ['nothing is said', {}],
    ['the file has no block', { configFile: {} }],
    ['the block is a trainer’s own', { configFile: { logging: { level: 'INFO' } } }],
    [
      'the block says so, and the environment names a server',
      withBlock({ mlflow_active: false }, { env: { MLFLOW_TRACKING_URI: server } }),
    ],
    ['the switch is off', withBlock({ mlflow_active: false })],
    ['the caller says so', withBlock({}, { call: { active: false } })],
    ['the environment says so', withBlock({}, { env: { SOEN_ACTIVE: '0' } })],
  ])('is off when %s', (_, sources) => {
    expect(resolveSettings(sources)).toEqual({ active: false, reason: expect.any(String) })
  })

  test.each<[string, SettingsSources]>([
    ['the switch is on', withBlock({})],
    [
      'the switch is missing and a server is named',
      { configFile: { logging: { mlflow_tracking_uri: server } } },
    ],
    [
      'the switch is missing and the team has a server',
      { configFile: { logging: { mlflow_password: 'x' } }, env: { SOEN_DEFAULT_TRACKING_URI: server } },
    ],
    [
      'the environment names a server and the file has no block',
      { configFile: { model: {} }, env: { MLFLOW_TRACKING_URI: server } },
    ],
    ['a server is named and there is no file', { env: { MLFLOW_TRACKING_URI: server } }],
    ['the caller insists', { call: { active: true, trackingUri: server }, configFile: {} }],
  ])('is on when %s', (_, sources) => {
    expect(resolveSettings(sources).active).toBe(true)
  })
})

describe('what somebody may not have meant', () => {
  test('a block in other letters is named', () => {
    const configFile = { Logging: { mlflow_active: true } }
    expect(resolveSettings({ configFile })).toMatchObject({
      active: false,
      warnings: [{ message: expect.stringContaining('`Logging:`') }],
    })
    expect(resolveSettings({ configFile, env: { MLFLOW_TRACKING_URI: server } })).toMatchObject({
      active: true,
      warnings: [{ hint: 'Write `logging:` in small letters.' }],
    })
    expect(resolveSettings({ configFile: { LOGGING: { level: 'INFO' } } })).not.toHaveProperty('warnings')
  })

  test('a block that speaks of MLflow and of no server says why nothing is logged', () => {
    expect(resolveSettings({ configFile: { logging: { mlflow_password: 'x' } } })).toMatchObject({
      active: false,
      warnings: [{ code: 'SOEN_TRACKING_URI_MISSING' }],
    })
  })
})

test.each([
  ['~/mlruns', '/home/ann/mlruns'],
  ['file:~/mlruns', '/home/ann/mlruns'],
  ['file:$HOME/mlruns', '/home/ann/mlruns'],
  ['file://$HOME/mlruns', '/home/ann/mlruns'],
])('%s is below the home folder', (uri, path) => {
  const env = { HOME: '/home/ann' }
  const block = { mlflow_tracking_uri: uri, spool_dir: '~/spool' }
  expect(active({ ...withBlock(block), env })).toMatchObject({ path, spoolDir: '/home/ann/spool' })
})

describe('the server', () => {
  test('is the caller’s, else the environment’s, else the file’s, else the team’s', () => {
    const block = withBlock({ mlflow_tracking_uri: 'https://file' })
    const env = { MLFLOW_TRACKING_URI: 'https://env', SOEN_DEFAULT_TRACKING_URI: 'https://default' }
    expect(remote({ ...block, env, call: { trackingUri: 'https://call' } }).trackingUri).toBe('https://call')
    expect(remote({ ...block, env }).trackingUri).toBe('https://env')
    expect(remote(block).trackingUri).toBe('https://file')
    const bare = { configFile: { logging: { mlflow_active: true } } }
    expect(remote({ ...bare, env: { SOEN_DEFAULT_TRACKING_URI: 'https://default' } }).trackingUri).toBe(
      'https://default',
    )
    expect(remote({ ...bare, call: { defaults: { trackingUri: 'https://build' } } }).trackingUri).toBe(
      'https://build',
    )
  })

  test('is asked for when logging is on and nobody names one', () => {
    expect(() => resolveSettings({ configFile: { logging: { mlflow_active: true } } })).toThrow(
      expect.objectContaining({
        code: 'SOEN_TRACKING_URI_MISSING',
        hint: expect.stringContaining('MLFLOW_TRACKING_URI'),
      }),
    )
  })
})

describe('credentials', () => {
  test('a password alone is enough: the team’s user name, or the member’s own, goes with it', () => {
    const block = withBlock({ mlflow_password: 'pw' })
    expect(remote({ ...block, call: { defaults: { username: 'team' } } }).credentials).toEqual({
      kind: 'basic',
      username: 'team',
      password: 'pw',
    })
    expect(remote({ ...block, env: { SOEN_DEFAULT_USERNAME: 'env-team' } }).credentials).toMatchObject({
      username: 'env-team',
    })
    expect(remote(withBlock({ mlflow_password: 'pw', team_member: 'ann' })).credentials).toMatchObject({
      username: 'ann',
    })
    expect(remote(block).credentials).toMatchObject({ username: 'admin' })
    expect(remote(withBlock({ mlflow_password: 'soen_1' })).credentials).toMatchObject({ username: '' })
  })

  test('come from the URI, which then has none', () => {
    const settings = remote(withBlock({ mlflow_tracking_uri: 'https://ann:p%40w@h/sub' }))
    expect(settings).toMatchObject({
      trackingUri: 'https://h/sub',
      credentials: { kind: 'basic', username: 'ann', password: 'p@w' },
    })
  })

  test('a token is a bearer; Python’s order of the environment’s variables holds', () => {
    expect(
      remote(withBlock({ mlflow_password: 'x' }, { env: { MLFLOW_TRACKING_TOKEN: 't' } })).credentials,
    ).toEqual({
      kind: 'bearer',
      token: 't',
    })
    const env = { MLFLOW_TRACKING_TOKEN: 't', MLFLOW_TRACKING_USERNAME: 'u', MLFLOW_TRACKING_PASSWORD: 'p' }
    expect(remote(withBlock({}, { env })).credentials).toEqual({
      kind: 'basic',
      username: 'u',
      password: 'p',
    })
    expect(remote(withBlock({}, { env, call: { token: 'mine' } })).credentials).toEqual({
      kind: 'bearer',
      token: 'mine',
    })
  })

  test('come from the credentials file last, field by field', () => {
    const credentialsFile = { username: 'filed', password: 'filed-pw', token: 'filed-token' }
    expect(remote(withBlock({}, { credentialsFile })).credentials).toEqual({
      kind: 'basic',
      username: 'filed',
      password: 'filed-pw',
    })
    const defaults = { username: 'team' }
    const block = withBlock({ mlflow_password: 'pw' }, { credentialsFile, call: { defaults } })
    expect(remote(block).credentials).toMatchObject({ username: 'filed', password: 'pw' })
    const uri = withBlock({ mlflow_tracking_uri: 'https://ann:uri@h' }, { credentialsFile })
    expect(remote(uri).credentials).toMatchObject({ username: 'ann', password: 'uri' })
    const env = { MLFLOW_TRACKING_USERNAME: 'bob' }
    expect(remote(withBlock({}, { credentialsFile, env })).credentials).toMatchObject({
      username: 'bob',
      password: 'filed-pw',
    })
    expect(remote(withBlock({}, { credentialsFile: { token: 't' } })).credentials).toEqual({
      kind: 'bearer',
      token: 't',
    })
  })

  test('may be missing', () => {
    expect(remote(withBlock({})).credentials).toBeUndefined()
  })
})

test('who, what and how: caller over environment over file', () => {
  const block = withBlock({
    project: 'file',
    team_member: 'ann',
    repeat: 1,
    seed: 2,
    keep_slashes: true,
    spool_dir: '/f',
  })
  expect(remote(block)).toMatchObject({
    experiment: 'file',
    identity: { project: 'file', member: 'ann', repeat: 1, seed: 2 },
    keepSlashes: true,
    spoolDir: '/f',
  })
  const env = {
    MLFLOW_EXPERIMENT_NAME: 'env-experiment',
    SOEN_MEMBER: 'bob',
    SOEN_SEED: '9',
    SOEN_REPEAT: 'x',
    SOEN_SPOOL_DIR: '/e',
    SOEN_KEEP_SLASHES: 'false',
  }
  expect(remote({ ...block, env, call: { seed: 0, spoolDir: '/c' } })).toMatchObject({
    experiment: 'env-experiment',
    identity: { project: 'file', member: 'bob', repeat: 1, seed: 0 },
    keepSlashes: false,
    spoolDir: '/c',
  })
})

test('keeps journals in the user’s state folder by default, which nothing empties', () => {
  expect(remote(withBlock({}, { env: { XDG_STATE_HOME: '/state' } })).spoolDir).toBe('/state/soen/spool')
  expect(remote(withBlock({})).spoolDir).toMatch(/\.local\/state\/soen\/spool$/)
})

describe('a folder as the target', () => {
  test.each([
    ['file:./mlruns', resolve('mlruns')],
    ['file:/abs/mlruns', '/abs/mlruns'],
    ['file:///abs/mlruns', '/abs/mlruns'],
    ['file://localhost/abs/mlruns', '/abs/mlruns'],
  ])('%s needs no password and gets none', (uri, path) => {
    const block = withBlock({ mlflow_tracking_uri: uri, mlflow_password: 'pw' })
    expect(active(block)).toMatchObject({
      target: 'file',
      path,
      trackingUri: `file://${path}`,
      credentials: undefined,
    })
  })
})

describe('what exists on the server already', () => {
  test('is named by the environment as Python’s client names it, or by the caller', () => {
    const env = { MLFLOW_RUN_ID: 'r1', MLFLOW_EXPERIMENT_ID: '7' }
    expect(active(withBlock({}, { env }))).toMatchObject({ runId: 'r1', experimentId: '7' })
    const call = { runId: 'r2', experimentId: '8' }
    expect(active(withBlock({}, { env, call }))).toMatchObject({ runId: 'r2', experimentId: '8' })
    expect(active(withBlock({}))).toMatchObject({ runId: undefined, experimentId: undefined })
  })

  test('an experiment’s id beats a name in the file, and a name as strong as it wins', () => {
    const id = { MLFLOW_EXPERIMENT_ID: '7' }
    const block = { mlflow_experiment_name: 'file' }
    expect(active(withBlock(block, { env: id })).experimentId).toBe('7')
    const both = { ...id, MLFLOW_EXPERIMENT_NAME: 'env' }
    expect(active(withBlock(block, { env: both }))).toMatchObject({
      experiment: 'env',
      experimentId: undefined,
    })
    expect(active(withBlock(block, { env: id, call: { experiment: 'call' } }))).toMatchObject({
      experiment: 'call',
      experimentId: undefined,
    })
  })
})
