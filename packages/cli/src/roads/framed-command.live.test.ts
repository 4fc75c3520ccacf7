import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { temporaryFolder } from '@soen/testbed'
import { expect, test } from 'vitest'
import { afterMark, frameCommand } from './framed-command.ts'

const noise = 'Welcome to lab server!'

/** Start-up files of each login shell that print something, also to stderr and without a line feed. */
const startUpFiles: Readonly<Record<string, readonly [file: string, text: string]>> = {
  bash: ['rc', `echo '${noise}'; echo '{"type":"result"}'; echo trouble >&2; printf '> '`],
  sh: ['rc', `echo '${noise}'; trap 'echo bye' EXIT`],
  zsh: ['.zshenv', `echo '${noise}'; printf '> '`],
  tcsh: ['.tcshrc', `echo '${noise}'`],
  fish: ['.config/fish/config.fish', `echo '${noise}'; echo trouble >&2`],
}

/** Does what sshd does: passes the line to the account's shell, by `-c`. */
async function run(shell: string, command: string, stdin: string) {
  using folder = temporaryFolder('shell')
  const [file = '', words = ''] = startUpFiles[shell] ?? []
  spawnSync('mkdir', ['-p', join(folder.path, '.config/fish')])
  writeFileSync(join(folder.path, file), `${words}\n`)
  const { line, firstInput, mark } = frameCommand(command)
  const rc = join(folder.path, 'rc')
  // bash reads its start-up file only under sshd; here BASH_ENV names it.
  const child = spawn(shell, shell === 'sh' ? ['-c', `. ${rc}; ${line}`] : ['-c', line], {
    env: { PATH: process.env['PATH'], HOME: folder.path, LANG: 'de_DE.UTF-8', BASH_ENV: rc },
  })
  child.stdin.on('error', () => {}).end(firstInput + stdin)
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr] = await Promise.all([
    text(child.stdout.pipe(afterMark(mark, 'nothing'))),
    text(child.stderr.pipe(afterMark(mark, 'all'))),
  ])
  return { code: await code, stdout, stderr }
}

const command = String.raw`printf '%s\n' 'it'\''s \n "$HOME" !! {a,b} ~ %d'; echo "$LC_ALL"
cat; echo two >&2; exit 7`

test.each(Object.keys(startUpFiles))(
  '%s: a command is run as it is, and its answer is without noise',
  async (shell) => {
    expect(await run(shell, command, 'given')).toEqual({
      code: 7,
      stdout: String.raw`it's \n "$HOME" !! {a,b} ~ %d` + '\nC\ngiven',
      stderr: 'two\n',
    })
  },
)

test('tells what was said where the shell never came to the command', async () => {
  const { mark } = frameCommand('true')
  const said = afterMark(mark, 'all')
  said.end('This account is currently not available.\n')
  expect(await text(said)).toBe('This account is currently not available.\n')
})

test('finds the mark however the bytes are cut', async () => {
  const { mark } = frameCommand('true')
  const stream = afterMark(mark, 'nothing')
  for (const byte of Buffer.from(`noise${mark.slice(0, 8)}${mark}\nit\n${mark}\n`))
    stream.write(Buffer.of(byte))
  stream.end()
  expect(await text(stream)).toBe(`it\n${mark}\n`)
})
