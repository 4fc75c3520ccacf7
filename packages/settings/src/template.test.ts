import { expect, test } from 'vitest'
import { ignoredKeysOf } from './ignored-keys.ts'
import { parseSettings } from './parse.ts'
import { settingsTemplate, type SshAnswers } from './template.ts'

const answers: SshAnswers = {
  name: 'team',
  address: 'lab.example.org',
  user: 'deploy',
  jump: ['alice@gate.example.org:2222'],
  domain: 'mlflow.example.org',
  tls: 'acme',
  email: 'admin@example.org',
  artifacts: 'disk',
}

test('writes what was answered, so that it reads back', () => {
  expect(parseSettings(settingsTemplate(answers))).toMatchObject({
    targets: {
      team: {
        where: 'ssh',
        host: { address: 'lab.example.org', user: 'deploy', jump: ['alice@gate.example.org:2222'] },
        domain: 'mlflow.example.org',
        tls: { mode: 'acme', email: 'admin@example.org' },
        database: 'postgres',
        artifacts: { uri: 'disk' },
      },
    },
  })
})

test('writes no key that nothing acts on', () => {
  expect(ignoredKeysOf(parseSettings(settingsTemplate(answers)), 'team')).toEqual([])
})

test('explains every key in the words of the annotated example', () => {
  const lines = settingsTemplate(answers).split('\n')
  const keys = lines.flatMap((line, index) => (/^ *[\w-]+:/.test(line) ? [index] : []))
  const bare = keys.filter((index) => !lines[index - 1]?.trim().startsWith('#'))
  expect(bare.map((index) => lines[index])).toEqual([])
})

test.each<[keyof SshAnswers, string]>([
  ['domain', 'not a name'],
  ['address', '-oProxyCommand=x'],
  ['artifacts', 'ftp://here'],
])('refuses a %s that can not be used', (key, value) => {
  expect(() => settingsTemplate({ ...answers, [key]: value })).toThrow(key === 'artifacts' ? 'uri' : key)
})
