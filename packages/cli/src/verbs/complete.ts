import type { Verb } from './verb.ts'

/** Called by the script of `soen completion`, never typed. */
export const complete: Verb = (parent) => {
  parent
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words) => {
      const { answerCompletion } = await import('../output/completion.ts')
      answerCompletion(parent, words)
    })
}
