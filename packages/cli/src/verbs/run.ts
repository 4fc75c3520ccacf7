import { InvalidArgumentError } from '@commander-js/extra-typings'
import { jsonOption, parseCount } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen run`: a training in any language, logged through the journal. */
export const run: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
    'run',
    'Run a training in any language: it waits for no server, and loses nothing.',
    'soen run -- python train.py --epochs 20',
    'soen run --config team.yaml --name first-try --tag seed=7 -- python train.py',
    'soen run --offline -- python train.py && soen sync',
  )
    .argument('<command...>', 'The program with its arguments, after two dashes.')
    .option('--config <file>', "A training's YAML with its logging block. Default: the environment.")
    .option('--experiment <name>', 'The experiment of runs that name none.')
    .option('--name <name>', 'The name of the run.')
    .option('--tag <key=value>', 'A tag of the run; may be given several times.', collectTag)
    .option('--offline', 'Ask the server for nothing: what is logged waits for soen sync.')
    .option('--drain <seconds>', 'How long to deliver after the program has ended.', parseCount, 30)
    .option('--no-console', 'Leave the terminal to the program, and keep nothing of what it writes there.')
    .addOption(jsonOption())
    .action(async (command, flags) => {
      const { runTraining } = await import('../trainings/run-training.ts')
      await runTraining(command, flags, terminalFor(flags))
    })
}

type Tags = Readonly<Record<string, string>>

function collectTag(text: string, before: Tags = {}): Tags {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('A tag is written KEY=VALUE.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
