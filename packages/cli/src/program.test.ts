import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { environmentLines } from './output/environment-lines.ts'
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
      --verbose                        Show what happens behind a verb, and where an
                                       error comes from.
      --no-color                       Write without colours; the variable NO_COLOR
                                       does the same.
      -h, --help                       Show this help.

    The platform on this computer:
      up [options]                     Start the local platform: MLflow behind the
                                       front door.
      down [options]                   Stop the local platform from another
                                       terminal.

    This computer or a server:
      status [options]                 Show on one screen how the server is, or the
                                       local platform.
      logs [options] [program]         Show the logs of the server, or of the local
                                       platform.
      open [options]                   Open the server's pages in your browser.
      config [options]                 Show the settings as they are understood,
                                       without secrets.

    A server of soen.yaml:
      init [options]                   Write soen.yaml after at most five questions.
      plan [options]                   Show what a deploy would change; exit code 3
                                       where there is something.
      deploy [options]                 Make the machine the server that soen.yaml
                                       describes.
      restart [options]                Restart MLflow and the front door, each when
                                       the one before is healthy.
      ssh [options] [command...]       Open a shell on the machine, or run one
                                       command there.
      cert [options] <what>            Show the certificate that is really served,
                                       or fetch a new one.
      allow-ip [options] <who> [what]  Change who may come in where a door is
                                       restricted.
      support-bundle [options]         Collect what helps to find a fault, without
                                       secrets.
      eject [options]                  Print what a deploy does as shell and unit
                                       files.
      destroy [options]                Take the server off its machine; its data
                                       stays.

    Your sign-in:
      login [options] <url>            Sign this machine in to a server, by a token
                                       of its own.
      logout [options] [url]           Revoke the token of this machine, and forget
                                       it.
      whoami [options]                 Show as whom this machine is signed in.

    People, for admins:
      user                             Manage who may sign in.
      token                            Manage the tokens that programs sign in with.
      session                          Manage the browsers that are signed in.
      audit [options]                  Show who did what.

    Trainings:
      run [options] <command...>       Run a training in any language: it waits for
                                       no server, and loses nothing.
      sync [options]                   Deliver what trainings could not: the server
                                       was away, or they were killed.

    The command line:
      completion <shell>               Print the script that completes soen on Tab.
      help [verb...]                   Show the help of a verb.
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
    '✗ There is no log in /no/such/home/logs. (SOEN_NO_LOGS)\n  → Start the platform: soen up\n  More: the guide, /troubleshooting/local/#soen_no_logs\n',
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

test('names a folder that can not be used, and why, whichever verb wanted it', () => {
  using folder = temporaryFolder('refused')
  const file = join(folder.path, 'file')
  writeFileSync(file, '')
  for (const args of [
    ['up', '--home', join(file, 'home'), '--port', '0'],
    ['init', '--machine', 'lab', '--domain', 'a.org', '--settings', join(file, 'soen.yaml')],
  ]) {
    const { status, stderr } = soen(...args)
    expect(status).toBe(1)
    expect(stderr).toMatch(/can not be used: a part of its path is no folder\. \(SOEN_FILE_REFUSED\)/)
  }
})

test('ends quietly when nobody reads on', () => {
  const script = `set -o pipefail; for it in 1 2 3; do "$0" "$1" init --print-example | head -1; done`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, main], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.split('\n')).toHaveLength(4)
})

test('follows a log until nobody reads on', () => {
  using folder = temporaryFolder('logs')
  mkdirSync(join(folder.path, 'logs'))
  const log = join(folder.path, 'logs', 'mlflow.log')
  writeFileSync(log, 'first\n')
  const script = `(while sleep 0.1; do echo more >> "$3"; done) & "$0" "$1" logs mlflow -f --home "$2" | head -1; kill $!`
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', script, process.execPath, main, folder.path, log],
    { encoding: 'utf8' },
  )
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'first\n', stderr: '' })
})

test('shows the settings as they are understood, and no password', () => {
  using folder = temporaryFolder('config')
  const settings = join(folder.path, 'soen.yaml')
  writeFileSync(settings, 'targets: { lab: { where: ssh, domain: a.example.org, host: { address: lab } } }')
  const env = {
    ...process.env,
    SOEN_POSTGRES_URL: 'postgresql://ada:s3cret@db/mlflow',
    XDG_CONFIG_HOME: folder.path,
  }
  const shown = (...args: string[]) =>
    spawnSync(process.execPath, [main, 'config', '--settings', settings, ...args], { encoding: 'utf8', env })
  const { status, stdout } = shown()
  expect(status).toBe(0)
  expect(stdout).toContain(`file  ${settings}\n`)
  expect(stdout).toContain('targets.lab.host.address  lab\n')
  expect(stdout).toContain('local.database  postgresql://ada@db/mlflow\n')
  expect(JSON.parse(shown('--json').stdout)).toMatchObject({ targets: { lab: { tls: { mode: 'acme' } } } })
  expect(stdout + shown('--json').stdout).not.toContain('s3cret')
})

test('gives a shell what it may evaluate, and nothing where no server runs', () => {
  expect(environmentLines("http://a'b")).toBe(String.raw`export MLFLOW_TRACKING_URI='http://a'\''b'`)
  const { status, stdout } = soen('status', '-o', 'env', '--home', '/no/such/home')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
})

test('shows where an unexpected error comes from, when asked', () => {
  const [plain, verbose] = [[], ['--verbose']].map((more) => soen('logs', '--home', '/no/such/home', ...more))
  expect(plain?.stderr).not.toMatch(/^ +at /m)
  expect(verbose?.stderr).toMatch(/^ +at .*platform-logs/m)
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
