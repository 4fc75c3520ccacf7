import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { buildProgram } from './program.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const soen = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })

const verbs = buildProgram().createHelp().visibleCommands(buildProgram())

test.each(verbs.filter((verb) => verb.name() !== 'help').map((verb) => [verb.name()]))(
  '«%s» says what it does, with an example',
  (name) => {
    const { stdout, status } = soen(name, '--help')
    expect(status).toBe(0)
    expect(stdout).toMatch(/\n[A-Z].*\.\n/)
    expect(stdout).toContain(`  $ soen ${name}`)
  },
)

test('shows all verbs', () => {
  expect(soen('--help').stdout).toMatchInlineSnapshot(`
    "Usage: soen [options] [command]

    Runs the team's MLflow platform, from a laptop to AWS.

    Options:
      -V, --version                    Show the version.
      -h, --help                       Show this help.

    Commands:
      up [options]                     Start the local platform: MLflow behind the
                                       front door.
      down [options]                   Stop the local platform from another
                                       terminal.
      status [options]                 Show on one screen how the server is, or the
                                       local platform.
      logs [options] [program]         Show the logs of the server, or of the local
                                       platform.
      init [options]                   Write soen.yaml after at most five questions.
      plan [options]                   Show what a deploy would change; exit code 3
                                       where there is something.
      deploy [options]                 Make the machine the server that soen.yaml
                                       describes.
      destroy [options]                Take the server off its machine; its data
                                       stays.
      eject [options]                  Print what a deploy does as shell and unit
                                       files.
      restart [options]                Restart MLflow and the front door, each when
                                       the one before is healthy.
      ssh [options] [command...]       Open a shell on the machine, or run one
                                       command there.
      open [options]                   Open the server's pages in your browser.
      cert [options] <what>            Show the certificate that is really served,
                                       or fetch a new one.
      allow-ip [options] <who> [what]  Change who may come in where a door is
                                       restricted.
      support-bundle [options]         Collect what helps to find a fault, without
                                       secrets.
      login [options] <url>            Sign this machine in to a server, by a token
                                       of its own.
      logout [options] [url]           Revoke the token of this machine, and forget
                                       it.
      whoami [options]                 Show as whom this machine is signed in.
      user                             Manage who may sign in.
      token                            Manage the tokens that programs sign in with.
      session                          Manage the browsers that are signed in.
      audit [options]                  Show who did what.
      sync [options]                   Deliver what trainings could not: the server
                                       was away, or they were killed.
      completion <shell>               Print the script that completes soen on Tab.
      help [verb]                      Show the help of a verb.
    "
  `)
})

test('suggests the verb that was meant, as wrong use', () => {
  const { status, stderr } = soen('stauts')
  expect(status).toBe(2)
  expect(stderr).toContain('status')
})

test.each([
  ['up', '--port', 'http'],
  ['up', '--port', '70000'],
  ['logs', '-n', '-1'],
  ['up', '--no-such-option'],
  ['logs', 'no-such-program'],
])('calls «%s %s %s» wrong use', (...args) => {
  expect(soen(...args.filter(Boolean)).status).toBe(2)
})

test('says in one sentence and one next step what fails', () => {
  const { status, stderr } = soen('logs', '--home', '/no/such/home')
  expect(status).toBe(1)
  expect(stderr).toBe(
    '✗ There is no log in /no/such/home/logs. (SOEN_NO_LOGS)\n  → Start the platform: soen up\n',
  )
})

test('says that nothing runs, for a program to read', () => {
  const { status, stdout } = soen('status', '--json', '--home', '/no/such/home')
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toEqual({ home: '/no/such/home', state: 'stopped' })
})

test('shows what would be started, and makes nothing', () => {
  const args = ['up', '--dry-run', '--json', '--home', '/no/such/home', '--artifacts', 's3://team/runs']
  const { status, stdout } = soen(...args)
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    home: '/no/such/home',
    port: 5500,
    database: '/no/such/home/data/mlflow.db',
    artifacts: 's3://team/runs',
  })
  expect(existsSync('/no/such/home')).toBe(false)
})

test.each([
  [
    ['complete', '--', ''],
    ['up', 'down', 'status', 'logs', 'completion'],
  ],
  [
    ['complete', '--', 'logs', ''],
    ['mlflow', 'auth-proxy', 'platform'],
  ],
  [
    ['complete', '--', 'status', '--'],
    ['--home', '--json', '--help'],
  ],
])('answers «%s» when a shell asks what comes next', (args, expected) => {
  const offered = soen(...args)
    .stdout.split('\n')
    .map((line) => line.split('\t')[0])
  expect(offered).toEqual(expect.arrayContaining(expected))
})

test('never offers what nobody types', () => {
  expect(soen('complete', '--', 'com').stdout).not.toMatch(/^complete\t/m)
})

test('prints a script that bash accepts', () => {
  const { stdout } = soen('completion', 'bash')
  expect(spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  })
})
