import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { readSettings } from './read-settings.ts'

const flags = { listen: '127.0.0.1:5000', upstream: 'unix:/run/mlflow.sock', state: '/var/lib/auth.sqlite' }

async function fileWith(text: string): Promise<string> {
  const folder = await temporaryFolder()
  onTestFinished(() => folder[Symbol.asyncDispose]())
  const path = join(folder.path, 'door.yaml')
  await writeFile(path, text)
  return path
}

const failure = (read: () => unknown): unknown => {
  try {
    return read()
  } catch (error) {
    return error
  }
}

describe('readSettings', () => {
  it('fills in what nobody wrote', () => {
    expect(readSettings({ flags, env: {} }).settings).toEqual({
      listen: { host: '127.0.0.1', port: 5000 },
      upstream: 'unix:/run/mlflow.sock',
      state: '/var/lib/auth.sqlite',
      allowedHosts: [],
      features: [],
      teamName: undefined,
      behindTlsProxy: false,
      setupSecretFile: undefined,
      auditFolder: '/var/lib/auth.sqlite.audit',
      auditDays: 400,
      logLevel: 'info',
      drainSeconds: 10,
    })
  })

  it('lets the command line win over the environment, and that over the file', async () => {
    const config = await fileWith(`
listen: 127.0.0.1:1
allowedHosts: [in-file.example.org]
features: [jobs, gateway]
behindTlsProxy: true
drainSeconds: 30
logLevel: warn
`)
    const env = { SOEN_PROXY_LISTEN: '127.0.0.1:2', SOEN_PROXY_ALLOWED_HOSTS: 'a.example.org, b.example.org' }
    const { settings, written } = readSettings({ flags: { ...flags, config, 'log-level': 'error' }, env })
    expect(settings).toMatchObject({
      listen: { port: 5e3 },
      allowedHosts: ['a.example.org', 'b.example.org'],
      logLevel: 'error',
      features: ['jobs', 'gateway'],
      behindTlsProxy: true,
      drainSeconds: 30,
    })
    expect(['listen', 'allowedHosts', 'drainSeconds', 'auditDays'].map((name) => fromOf(name))).toEqual([
      '--listen',
      'SOEN_PROXY_ALLOWED_HOSTS',
      config,
      'default',
    ])
    function fromOf(name: string): string | undefined {
      return [...written].find(([key]) => key === name)?.[1].from
    }
  })

  it('finds the file also by the environment, and an empty one says nothing', async () => {
    const env = { SOEN_PROXY_CONFIG: await fileWith('# nothing yet\n') }
    expect(readSettings({ flags, env }).settings.logLevel).toBe('info')
  })

  it.each([
    ['alowedHosts: [a]', 'SOEN_SETTINGS_UNKNOWN_KEY', 'Did you mean allowedHosts?'],
    ['colour: red', 'SOEN_SETTINGS_UNKNOWN_KEY', 'There are listen, upstream'],
    ['listen: [', 'SOEN_SETTINGS_SYNTAX', 'Mend the YAML'],
    ['listen: 1\nlisten: 2', 'SOEN_SETTINGS_SYNTAX', 'Mend the YAML'],
    ['- listen', 'SOEN_SETTINGS_INVALID', 'one setting per line'],
    ['logLevel: loud', 'SOEN_SETTINGS_INVALID', 'error, warn, info, debug'],
    ['features: [shell]', 'SOEN_SETTINGS_INVALID', 'assistant'],
    ['drainSeconds: soon', 'SOEN_SETTINGS_INVALID', 'whole number'],
    [`teamName: "  "`, 'SOEN_SETTINGS_INVALID', '1 to 60 characters'],
    ['behindTlsProxy: perhaps', 'SOEN_SETTINGS_INVALID', 'true, false'],
    ['logLevel: [warn, info]', 'SOEN_SETTINGS_INVALID', '--check'],
    ['allowedHosts: { a: 1 }', 'SOEN_SETTINGS_INVALID', '--check'],
    ['allowedHosts: ["http://x"]', 'SOEN_ALLOWED_HOST_INVALID', 'Write the name alone'],
    ['auditDays: 0', 'SOEN_AUDIT_KEEP_INVALID', 'whole number'],
  ])('refuses a file with %j and says what to do', async (text, code, hint) => {
    const config = await fileWith(text)
    expect(failure(() => readSettings({ flags: { ...flags, config }, env: {} }))).toMatchObject({
      code,
      hint: expect.stringContaining(hint),
    })
  })

  it.each([
    [{ upstream: undefined }, {}, 'SOEN_WRONG_USE', '--upstream is missing'],
    [{ upstream: 'http://mlflow' }, {}, 'SOEN_UPSTREAM_INVALID', 'not the address of a unix socket'],
    [{ config: '/nowhere/door.yaml' }, {}, 'SOEN_SETTINGS_MISSING', '/nowhere/door.yaml'],
    [{}, { SOEN_PROXY_LISTN: 'x' }, 'SOEN_SETTINGS_UNKNOWN_KEY', 'SOEN_PROXY_LISTN'],
    [{ listen: undefined }, { SOEN_PROXY_LISTEN: '0.0.0.0:1' }, 'SOEN_LISTEN_INVALID', 'SOEN_PROXY_LISTEN: '],
  ])('refuses the options %j with the environment %j', (options, env, code, message) => {
    expect(failure(() => readSettings({ flags: { ...flags, ...options }, env }))).toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  it('never repeats a password that stands in the address of the state', () => {
    const error = failure(() =>
      readSettings({ flags: { ...flags, state: 'postgresql://soen:secret@db/soen' }, env: {} }),
    )
    expect(error).toMatchObject({ code: 'SOEN_STATE_URL_HAS_PASSWORD' })
    expect(String(error)).not.toContain('secret')
  })
})
