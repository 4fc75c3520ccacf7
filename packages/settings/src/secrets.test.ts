import { expect, test } from 'vitest'
import { SettingsError } from './errors.ts'
import { parseSettings } from './parse.ts'

const planted = 'hunter2-planted'

test.each([
  ['password', `team: { password: ${planted} }`],
  ['secret_key', `team: { secret_key: ${planted} }`],
  ['token', `team: { token: ${planted} }`],
  ['awsSecretAccessKey', `team: { awsSecretAccessKey: ${planted} }`],
  ['admin-password', `team: { admin-password: ${planted} }`],
  ['URL', `team: { trackingUri: "https://me:${planted}@mlflow.example.org" }`],
  ['URL', `targets: { t: { where: local, database: "postgresql+psycopg2://u:${planted}/@h/d" } }`],
  [
    'URL',
    `targets: { t: { where: local, database: "postgresql+psycopg2://h/d?user=u&password=${planted}" } }`,
  ],
  ['private key', `team:\n  user: |\n    -----BEGIN PRIVATE KEY-----\n    ${planted}\n`],
])('refuses a secret (%s) and does not repeat it', (what, text) => {
  let refusal: unknown
  try {
    parseSettings(text)
  } catch (error) {
    refusal = error
  }
  expect(refusal).toBeInstanceOf(SettingsError)
  expect(refusal).toMatchObject({ code: 'SOEN_SETTINGS_SECRET', message: expect.stringContaining(what) })
  expect(JSON.stringify(refusal) + String(refusal)).not.toContain(planted)
})

test('a path to a key file and a URL with only a user are no secrets', () => {
  const text = `targets:
  lab:
    where: ssh
    host: { address: lab }
    domain: ml.example.org
    tls: { mode: files, certificateFile: /c.pem, keyFile: /k.pem }
    database: postgresql+psycopg2://mlflow@db/mlflow
`
  expect(Object.keys(parseSettings(text).targets)).toEqual(['lab'])
})
