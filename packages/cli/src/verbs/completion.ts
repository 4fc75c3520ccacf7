import { readFile } from 'node:fs/promises'
import { Argument } from '@commander-js/extra-typings'
import { newVerb, type Verb } from './verb.ts'

/** `soen completion`: prints the script with which a shell completes `soen`. */
export const completion: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
    'completion',
    'Print the script that completes soen on Tab.',
    'soen completion bash >> ~/.bashrc',
    'soen completion zsh >> ~/.zshrc',
    'soen completion fish > ~/.config/fish/completions/soen.fish',
  )
    .addArgument(new Argument('<shell>', 'Your shell.').choices(['bash', 'zsh', 'fish']))
    .action(async (shell) => {
      const script = new URL(`../../completion/soen.${shell}`, import.meta.url)
      terminalFor({}).result((await readFile(script, 'utf8')).trimEnd())
    })
}
