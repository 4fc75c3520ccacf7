import { Argument } from '@commander-js/extra-typings'
import { newVerb, type Verb } from './verb.ts'

/** `soen completion`: the script that teaches a shell to complete `soen`. */
export const completion: Verb = (parent) => {
  newVerb(
    parent,
    'completion',
    'Print the script that completes soen on Tab.',
    'soen completion bash >> ~/.bashrc',
    'soen completion fish > ~/.config/fish/completions/soen.fish',
  )
    .addArgument(new Argument('<shell>', 'Your shell.').choices(['bash', 'zsh', 'fish']))
    .action(async (shell) => {
      const { RootCommand } = await import('@bomb.sh/tab')
      new RootCommand().setup('soen', 'soen', shell)
    })
}
