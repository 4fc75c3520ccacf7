import { findVerb } from '../output/help-request.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen help`: shows a verb's help, as its own `--help` does. */
export const help: Verb = (parent) => {
  newVerb(parent, 'help', 'Show the help of a verb.', 'soen help user add')
    .argument('[verb...]', 'The verb; all of them when left out.')
    .action((words) => findVerb(parent, words)?.outputHelp())
}
