import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadSettings } from '@soen/settings'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { soen } from '../testing/running-soen.ts'
import { machineOf } from './init-questions.ts'
import { answersOf, type Answerer, type InitOptions } from './new-settings.ts'

let folder: TemporaryFolder
let path: string
beforeEach(() => {
  folder = temporaryFolder('init')
  path = join(folder.path, 'soen.yaml')
})
afterEach(() => folder[Symbol.dispose]())

const defaults: InitOptions = { name: 'team', tls: 'acme' }
const flags = ['--machine', 'deploy@lab.example.org:2222', '--domain', 'mlflow.example.org']

test('writes a settings file without a terminal, by flags alone', async () => {
  const { status, stderr } = soen(['init', '--settings', path, ...flags, '--jump', 'alice@gate.example.org'])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect((await loadSettings(path)).targets['team']).toMatchObject({
    host: { address: 'lab.example.org', user: 'deploy', port: 2222, jump: ['alice@gate.example.org'] },
    domain: 'mlflow.example.org',
    tls: { mode: 'acme' },
    artifacts: { uri: 'disk' },
  })
  expect(readFileSync(path, 'utf8')).toMatch(/^ *# Public name of the server\./m)
})

test('never writes over a file, unless it is told to', () => {
  writeFileSync(path, 'mine')
  const { status, stdout } = soen(['init', '--settings', path, ...flags, '--json'])
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'SOEN_SETTINGS_EXIST' } })
  expect(readFileSync(path, 'utf8')).toBe('mine')
  expect(soen(['init', '--settings', path, ...flags, '--force']).status).toBe(0)
  expect(readFileSync(path, 'utf8')).toContain('mlflow.example.org')
})

test('says which flag is missing where nobody can be asked, and writes nothing', () => {
  const { status, stderr } = soen(['init', '--settings', path, '--machine', 'lab.example.org'])
  expect(status).toBe(1)
  expect(stderr).toContain('--domain')
  expect(() => readFileSync(path)).toThrow('ENOENT')
})

/** A user who gives these answers one after the other, with what they were asked and told. */
function answering(...answers: readonly string[]) {
  const asked: string[] = []
  const told: string[] = []
  const person: Answerer = {
    ask(question) {
      asked.push(question)
      return Promise.resolve(answers[asked.length - 1] ?? '')
    },
    tell: (fault) => void told.push(fault),
  }
  return { person, asked, told }
}

test('asks five questions at most, and none that a flag answers', async () => {
  const { person, asked } = answering(
    'deploy@lab.example.org',
    '',
    'mlflow.example.org',
    '',
    's3://team/runs',
  )
  expect(await answersOf(defaults, person)).toEqual({
    name: 'team',
    tls: 'acme',
    address: 'lab.example.org',
    user: 'deploy',
    domain: 'mlflow.example.org',
    artifacts: 's3://team/runs',
  })
  expect(asked).toHaveLength(5)
  const all = { ...defaults, machine: 'lab', jump: '', domain: 'a.org', email: '', artifacts: 'disk' }
  const nobody = answering()
  await answersOf(all, nobody.person)
  expect(nobody.asked).toEqual([])
})

test('checks each answer as it comes, and asks for it again', async () => {
  const typed =
    '|ada@two words|ada@lab:70000|ada@lab.example.org|x y@|gate|https://mlflow.example.org/|mlflow.example.org|nobody|a@b.org|s3:/team|'
  const { person, told } = answering(...typed.split('|'))
  expect(await answersOf(defaults, person)).toMatchObject({
    address: 'lab.example.org',
    jump: ['gate'],
    domain: 'mlflow.example.org',
    email: 'a@b.org',
    artifacts: 'disk',
  })
  expect(told).toEqual([
    'an answer is needed',
    expect.stringContaining('expected a host name or address'),
    expect.stringContaining('expected 1 to 65535'),
    expect.stringContaining('expected a host such as'),
    expect.stringContaining('expected a name such as mlflow.example.org'),
    expect.stringContaining('expected an address such as admin@example.org'),
    expect.stringContaining('expected disk, s3://BUCKET'),
  ])
})

test('lists every fault of the flags at once, and writes nothing', () => {
  const wrong = ['--name', 'A B', '--machine', 'two words', '--email', 'nobody', '--artifacts', 's3:/x']
  const { status, stderr } = soen(['init', '--settings', path, ...wrong])
  expect(status).toBe(1)
  expect(stderr).toContain('5 answers can not be used. (SOEN_ANSWERS_UNFIT)')
  for (const flag of ['--name', '--machine', '--domain', '--email', '--artifacts']) {
    expect(stderr).toMatch(new RegExp(`^ +${flag}: `, 'm'))
  }
  expect(() => readFileSync(path)).toThrow('ENOENT')
})

test.each([
  ['lab.example.org', { address: 'lab.example.org' }],
  ['ada@192.0.2.7', { address: '192.0.2.7', user: 'ada' }],
  ['ada@lab:2222', { address: 'lab', user: 'ada', port: 2222 }],
  ['ada@[2001:db8::7]:22', { address: '2001:db8::7', user: 'ada', port: 22 }],
])('reads the machine %s', (text, expected) => {
  expect(machineOf(text)).toEqual(expected)
})
