import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTerminal } from '../testing/pseudo-terminal.ts'
import { newPerson, startRunningAuthProxy } from '../testing/running-auth-proxy.ts'

let folder: TemporaryFolder
beforeEach(() => {
  folder = temporaryFolder('ask')
})
afterEach(() => folder[Symbol.dispose]())

const enter = '\r'
const ctrlC = '\x03'

const settings = `targets:
  team:
    where: ssh
    domain: mlflow.example.org
    host: { address: 192.0.2.1 }
`

test('init: each question stays to be read until it is answered, and then with its answer', async () => {
  await using terminal = openTerminal(['init'], { cwd: folder.path })
  const asked: readonly (readonly [question: string, answer: string])[] = [
    ['Machine, as user@host:', 'deploy@lab.example.org'],
    ['Jump host on the way, as user@host (none: Enter):', ''],
    ['Public name of the server, such as mlflow.example.org:', 'mlflow.example.org'],
    ['Mail address for the certificate authority (none: Enter):', ''],
    ['Artifacts on its disk, or in s3://BUCKET/FOLDER (disk: Enter):', ''],
  ]
  for (const [question, answer] of asked) {
    await terminal.sees(question)
    terminal.type(answer + enter)
  }
  expect(await terminal.ended).toBe(0)
  const lines = terminal.screen().split('\n')
  expect(lines.slice(0, 5)).toEqual(asked.map(([question, answer]) => `${question} ${answer}`.trim()))
  expect(existsSync(join(folder.path, 'soen.yaml'))).toBe(true)
})

test('login: the user is asked for so that it can be read, and the password without showing it', async () => {
  await using door = await startRunningAuthProxy()
  using bob = newPerson()
  await using terminal = openTerminal(['login', door.url], { env: bob.env })
  await terminal.sees(`User name on ${door.url}:`)
  terminal.type(`bob${enter}`)
  await terminal.sees('Password of bob:')
  terminal.type(door.password + enter)
  expect(await terminal.ended).toBe(0)
  expect(terminal.screen()).toContain(
    `User name on ${door.url}: bob\nPassword of bob:\nSigned in to ${door.url}`,
  )
  expect(terminal.screen()).not.toContain(door.password)
})

test('a change of accounts asks for the password of who asks, without showing it', async () => {
  await using door = await startRunningAuthProxy()
  using ada = newPerson()
  const signedIn = await ada.soen(
    ['login', door.url, '--user', 'ada', '--password-stdin'],
    `${door.password}\n`,
  )
  expect(signedIn.status).toBe(0)
  await using terminal = openTerminal(['user', 'role', 'bob', 'viewer'], { env: ada.env })
  await terminal.sees(`Password of ada on ${door.url}:`)
  terminal.type(door.password + enter)
  expect(await terminal.ended).toBe(0)
  expect(terminal.screen()).toContain('bob is viewer.')
  expect(terminal.screen()).not.toContain(door.password)
})

/** Every verb that asks before it deletes something. */
const confirmations: readonly (readonly [readonly string[], string])[] = [
  [['destroy'], 'Stop mlflow.example.org and take its programs off 192.0.2.1? Its data stays. (y/N)'],
  [['user', 'remove', 'ada', '--home', '.soen'], 'Remove ada with all tokens? (y/N)'],
]

test.each(confirmations)('%s: what is lost can be read when it is asked about', async (args, question) => {
  writeFileSync(join(folder.path, 'soen.yaml'), settings)
  await using terminal = openTerminal(args, { cwd: folder.path })
  await terminal.sees(question)
  terminal.type(`n${enter}`)
  expect(await terminal.ended).toBe(0)
  expect(terminal.screen()).toMatch(/\(y\/N\) n\nNothing was changed\.$/)
})

test.each(confirmations)(
  '%s: Ctrl-C at the question ends with 130, and in one line',
  async (args, question) => {
    writeFileSync(join(folder.path, 'soen.yaml'), settings)
    await using terminal = openTerminal(args, { cwd: folder.path })
    await terminal.sees(question)
    terminal.type(ctrlC)
    expect(await terminal.ended).toBe(130)
    expect(terminal.screen()).toMatch(/\(y\/N\)\nNothing was changed\.$/)
  },
)

test('Ctrl-C at a password ends with 130, too', async () => {
  await using door = await startRunningAuthProxy()
  using bob = newPerson()
  await using terminal = openTerminal(['login', door.url, '--user', 'bob'], { env: bob.env })
  await terminal.sees('Password of bob:')
  terminal.type(`secret${ctrlC}`)
  expect(await terminal.ended).toBe(130)
  expect(terminal.screen()).toBe('Password of bob:\nNothing was changed.')
})
