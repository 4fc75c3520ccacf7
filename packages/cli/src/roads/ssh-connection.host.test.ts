import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import {
  freePort,
  startSystemdHost,
  temporaryFolder,
  type SystemdHost,
  type TemporaryFolder,
} from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probe } from './probe.ts'
import { becomeRoot } from './root-access.ts'
import type { SshDestination } from './ssh-arguments.ts'
import { connect, type SshConnection } from './ssh-connection.ts'

// A gate that everybody can reach, and a machine that is reachable only through it.
let gate: SystemdHost
let lab: SystemdHost
let folder: TemporaryFolder
beforeAll(async () => {
  folder = temporaryFolder('ssh')
  gate = await startSystemdHost()
  lab = await startSystemdHost({ suite: 'trixie', behind: gate })
  await gate.run(letIn('alice'))
  for (const name of ['free', 'asked']) await lab.run(letIn(name))
  await lab.run('echo "free ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/free; usermod -aG sudo asked')
  await lab.run(`chpasswd <<'END'\nasked:${password}\nEND`)
})
afterAll(async () => {
  await lab[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const password = 'correct horse \'battery" $taple'

const letIn = (name: string): string =>
  `useradd --create-home --shell /bin/bash ${name}; install -d -o ${name} -m 700 ~${name}/.ssh; install -o ${name} -m 600 ~/.ssh/authorized_keys ~${name}/.ssh/`

interface Config {
  readonly labKey?: string
  readonly gateUser?: string
}

/** The contents of a user's `~/.ssh`: keys, known hosts, and names of machines. */
function sshConfig({ labKey = lab.hostKey, gateUser = 'alice' }: Config = {}): string {
  const knownHosts = join(folder.path, 'known_hosts')
  writeFileSync(knownHosts, `${gate.address} ${gate.hostKey}\n${lab.address} ${labKey}\n`)
  const path = join(folder.path, 'config')
  const lines = [
    'Host gate',
    `  HostName ${gate.address}`,
    `  User ${gateUser}`,
    `  IdentityFile ${gate.identityFile}`,
    `Host ${lab.address}`,
    `  IdentityFile ${lab.identityFile}`,
    'Host *',
    '  IdentitiesOnly yes',
    '  StrictHostKeyChecking yes',
    `  UserKnownHostsFile ${knownHosts}`,
    // Settings that a user may have, and that must not affect us.
    '  LogLevel QUIET',
    '  RequestTTY yes',
  ]
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

const throughGate = (more: Partial<SshDestination> = {}): SshDestination => ({
  address: lab.address,
  user: 'free',
  jump: ['gate'],
  ...more,
})

const signIn = (destination = throughGate(), config: Config = {}): Promise<SshConnection> =>
  connect(destination, { configFile: sshConfig(config), isInteractive: false, signInTimeoutMs: 5000 })

test('reaches a machine behind a jump host, with one connection for everything', async () => {
  await using connection = await signIn()
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => connection.run('echo "$USER $SSH_CONNECTION"')),
  )
  expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1)
  expect(answers[0]?.stdout).toMatch(/^free /)
  expect(await connection.run('cat; exit 7', 'what it is given')).toEqual({
    code: 7,
    stdout: 'what it is given',
    stderr: '',
  })
})

test('reaches it by the ssh configuration alone', async () => {
  const configFile = sshConfig()
  writeFileSync(
    configFile,
    `Host lab\n  HostName ${lab.address}\n  User free\n  IdentityFile ${lab.identityFile}\n  ProxyJump gate\n`,
    { flag: 'a' },
  )
  await using connection = await connect({ address: 'lab', jump: [] }, { configFile, isInteractive: false })
  expect((await connection.run('id -un')).stdout).toBe('free\n')
})

test('leaves nothing of itself on either side', async () => {
  const connection = await signIn()
  await connection[Symbol.asyncDispose]()
  expect((await lab.run('sleep 0.3; pgrep --uid free --list-name || true')).stdout).not.toContain('cat')
})

test('carries bytes of any kind, as many as there are', async () => {
  await using connection = await signIn()
  const program = connection.start('sha256sum')
  program.stdin.end(Buffer.alloc(5_000_000, 7))
  const hash = (await program.stdout.toArray()).join('')
  expect(hash).toMatch(/^[0-9a-f]{64} /)
  expect(await program.ended).toBe(0)
})

test('becomes root by a sudo that does not ask', async () => {
  await using connection = await signIn()
  const found = await probe(connection)
  expect(found).toMatchObject({
    sudo: 'free',
    machine: 'x86_64',
    os: { id: 'debian', version: '13' },
    python: expect.stringMatching(/^3\.13/),
  })
  const root = await becomeRoot(connection, found, () => Promise.reject(new Error('asked')))
  expect((await root.run(['sh', '-c', 'id -u; cat'], 'more')).stdout).toBe('0\nmore')
})

test('asks once for the password of a sudo that wants it, and shows it to nobody', async () => {
  await using connection = await signIn(throughGate({ user: 'asked' }))
  const asked: string[] = []
  const root = await becomeRoot(connection, await probe(connection), (question) => {
    asked.push(question)
    return Promise.resolve(password)
  })
  for (const word of ['first', 'second']) {
    expect((await root.run(['sh', '-c', 'id -u; cat'], word)).stdout).toBe(`0\n${word}`)
  }
  expect(asked).toHaveLength(1)
  const sleeping = root.start(['sleep', '5'])
  const { stdout } = await lab.run(
    'sleep 0.5; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" " "; journalctl',
  )
  sleeping.kill()
  expect(stdout).toContain('sleep 5')
  expect(stdout).not.toContain('horse')
})

test.each([
  ['a wrong password', 'asked', 'wrong', 'SOEN_SUDO_PASSWORD_WRONG'],
  ['nobody to ask', 'asked', undefined, 'SOEN_SUDO_PASSWORD_NEEDED'],
])('says that sudo had %s', async (_what, user, typed, code) => {
  await using connection = await signIn(throughGate({ user }))
  const found = await probe(connection)
  await expect(becomeRoot(connection, found, () => Promise.resolve(typed))).rejects.toMatchObject({ code })
})

test('says that the account may not become root', async () => {
  await lab.run(`${letIn('carol')}; echo carol:carols | chpasswd`)
  await using connection = await signIn(throughGate({ user: 'carol' }))
  const found = await probe(connection)
  await expect(becomeRoot(connection, found, () => Promise.resolve('carols'))).rejects.toMatchObject({
    code: 'SOEN_NO_SUDO',
  })
})

test('is not misled by what start-up files print, before an answer and beside it', async () => {
  await lab.run(`${letIn('noisy')}; echo "noisy ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/noisy`)
  const noise = `echo 'Welcome to lab server!'; printf '{"type":"result"}> '; echo trouble >&2`
  await lab.run(`cat > ~noisy/.bashrc <<'END'\n${noise}\nEND`)
  await using connection = await signIn(throughGate({ user: 'noisy' }))
  const found = await probe(connection)
  expect(found).toMatchObject({ os: { id: 'debian', version: '13' }, sudo: 'free' })
  const root = await becomeRoot(connection, found, () => Promise.resolve(undefined))
  expect(await root.run(['sh', '-c', 'cat; echo two >&2; exit 3'], 'one')).toEqual({
    code: 3,
    stdout: 'one',
    stderr: 'two\n',
  })
})

test('says that the machine was not started by systemd', async () => {
  // Its folder is how systemd is recognised, and now the account cannot see it.
  await lab.run('chmod 700 /run/systemd')
  try {
    await using connection = await signIn()
    await expect(probe(connection)).rejects.toMatchObject({ code: 'SOEN_HOST_NO_SYSTEMD' })
  } finally {
    await lab.run('chmod 755 /run/systemd')
  }
})

test('says that the machine has no sudo', async () => {
  await lab.run('mv /usr/bin/sudo /usr/bin/sudo-away')
  try {
    await using connection = await signIn()
    await expect(probe(connection)).rejects.toMatchObject({ code: 'SOEN_NO_SUDO' })
  } finally {
    await lab.run('mv /usr/bin/sudo-away /usr/bin/sudo')
  }
})

test.each([
  ['no python3', 'exit 127', 'SOEN_HOST_PYTHON_MISSING'],
  ['a python3 of Debian 11', 'echo 3.9.2', 'SOEN_HOST_PYTHON_TOO_OLD'],
])('says that the machine has %s', async (_what, script, code) => {
  await lab.run(
    `printf '#!/bin/sh\\n${script}\\n' > /usr/local/bin/python3; chmod 755 /usr/local/bin/python3`,
  )
  try {
    await using connection = await signIn()
    await expect(probe(connection)).rejects.toMatchObject({ code })
  } finally {
    await lab.run('rm /usr/local/bin/python3')
  }
})

test('stops before a machine that shows another host key', async () => {
  await expect(signIn(throughGate(), { labKey: gate.hostKey })).rejects.toMatchObject({
    code: 'SOEN_SSH_HOST_KEY_CHANGED',
    hint: expect.stringContaining('ssh-keygen -R'),
  })
})

test('stops before a machine that nobody knows', async () => {
  const configFile = sshConfig()
  writeFileSync(join(folder.path, 'known_hosts'), `${gate.address} ${gate.hostKey}\n`)
  await expect(connect(throughGate(), { configFile, isInteractive: false })).rejects.toMatchObject({
    code: 'SOEN_SSH_HOST_KEY_UNKNOWN',
  })
})

test.each<[string, Partial<SshDestination>, Config, string]>([
  ['a wrong user of the jump host', {}, { gateUser: 'mallory' }, 'SOEN_SSH_JUMP_DENIED'],
  ['a wrong user of the machine', { user: 'mallory' }, {}, 'SOEN_SSH_DENIED'],
  ['a name that leads nowhere', { address: 'no-such-host.invalid', jump: [] }, {}, 'SOEN_SSH_NO_DNS'],
  ['a jump host whose name leads nowhere', { jump: ['no-such-gate.invalid'] }, {}, 'SOEN_SSH_NO_DNS'],
  ['a port where nothing listens behind the jump host', { port: 23 }, {}, 'SOEN_SSH_JUMP_CANNOT_REACH'],
])('names %s', async (_what, more, config, code) => {
  await expect(signIn(throughGate(more), config)).rejects.toMatchObject({ code })
})

test('names a machine where nothing listens', async () => {
  const destination = { address: '127.0.0.1', port: await freePort(), jump: [] }
  await expect(signIn(destination)).rejects.toMatchObject({ code: 'SOEN_SSH_REFUSED' })
})

test('names a machine that stays silent', async () => {
  await using silent = createServer((socket) => void socket.resume().on('error', () => {}))
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = Object(silent.address())
  await expect(signIn({ address: '127.0.0.1', port, jump: [] })).rejects.toMatchObject({
    code: 'SOEN_SSH_TIMED_OUT',
  })
})
