import { newServerVerb, type Verb } from './verb.ts'

/** `soen eject`: prints a deploy as a shell script, including the unit files; changes nothing. */
export const eject: Verb = (parent, terminalFor) => {
  newServerVerb(
    parent,
    'eject',
    'Print what a deploy does as shell and unit files.',
    'soen eject > server.sh',
  ).action(async (flags) => {
    const { printPlan } = await import('../server/print-plan.ts')
    await printPlan(flags, terminalFor(flags))
  })
}
