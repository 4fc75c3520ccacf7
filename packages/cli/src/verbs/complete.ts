import type { Verb } from './verb.ts'

/** What the script of `soen completion` calls; nobody types it. */
export const complete: Verb = (parent) => {
  parent
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words) => {
      const { answerCompletion } = await import('../output/completion.ts')
      answerCompletion(parent, words)
    })
}
