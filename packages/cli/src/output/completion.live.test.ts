import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder, type TemporaryFolder } from '@soen/testbed'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTerminalOf, type PseudoTerminal } from '../testing/pseudo-terminal.ts'
import { soen } from '../testing/running-soen.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const tab = '\t'
const clear = '\x15'

let folder: TemporaryFolder
beforeAll(() => {
  folder = temporaryFolder('completion')
  const command = join(folder.path, 'bin', 'soen')
  mkdirSync(join(folder.path, 'bin'))
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`)
  chmodSync(command, 0o755)
  mkdirSync(join(folder.path, '.config/fish/completions'), { recursive: true })
  writeFileSync(join(folder.path, 'train.yaml'), '')
  const scripts = { bash: '.bashrc', zsh: '.zshrc', fish: '.config/fish/completions/soen.fish' }
  const first = { bash: "PS1='> '\n", zsh: "PS1='> '\n", fish: '' }
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    writeFileSync(join(folder.path, scripts[shell]), first[shell] + soen(['completion', shell]).stdout)
  }
  writeFileSync(
    join(folder.path, '.config/fish/config.fish'),
    "set fish_greeting\nfunction fish_prompt; echo -n '> '; end\n",
  )
})
afterAll(() => folder[Symbol.dispose]())

/** An interactive shell as users have it, without bash-completion's helpers. */
function openShell(...command: readonly string[]): PseudoTerminal {
  const env = {
    HOME: folder.path,
    ZDOTDIR: folder.path,
    TMPDIR: folder.path,
    XDG_CONFIG_HOME: undefined,
    PATH: `${join(folder.path, 'bin')}:${process.env['PATH']}`,
    LC_ALL: 'C.UTF-8',
  }
  return openTerminalOf(command, { env, cwd: folder.path })
}

test.each([
  ['bash', ['bash', '--noprofile', '--rcfile', '.bashrc', '-i']],
  ['zsh', ['zsh', '-i']],
  ['fish', ['fish']],
])(
  '%s completes verbs, their flags, the values of these, and files where one is meant',
  async (_shell, command) => {
    await using shell = openShell(...command)
    const completes = async (typed: string, whole: string): Promise<void> => {
      shell.type(typed + tab)
      await shell.sees(`> ${whole}`)
      shell.type(clear)
    }
    await shell.sees('>')
    await completes('soen dep', 'soen deploy')
    await completes('soen user rem', 'soen user remove')
    await completes('soen deploy --off', 'soen deploy --offline-bundle')
    await completes('soen allow-ip me --door w', 'soen allow-ip me --door web')
    await completes('soen completion f', 'soen completion fish')
    await completes('soen sync --config tr', 'soen sync --config train.yaml')
    shell.type(`soen logs "$(touch run-by-tab)" plat${tab}`)
    await completes('', 'soen logs "$(touch run-by-tab)" plat')
    await completes('soen res', 'soen restart')
    expect(existsSync(join(folder.path, 'run-by-tab'))).toBe(false)
  },
)
