import { Option } from '@commander-js/extra-typings'
import { newServerVerb, type Verb } from './verb.ts'

/** `soen allow-ip`: shows or changes the addresses that restricted doors let in. */
export const allowIp: Verb = (parent, terminalFor) => {
  newServerVerb(
    parent,
    'allow-ip',
    'Change who may come in where a door is restricted.',
    'soen allow-ip me --for 30d',
    'soen allow-ip 192.0.2.0/24 --label office',
    'soen allow-ip list',
    'soen allow-ip remove office',
  )
    .argument('<who>', '`me`, an address, a network, `list`, or `remove`.')
    .argument('[what]', 'The label or network that `remove` takes off the list.')
    .option('--for <time>', 'When the entry ends, for instance 12h or 30d; never when left out.')
    .option('--label <label>', 'Whose it is: it replaces the earlier entry of that label.')
    .addOption(new Option('--door <door>', 'Which door.').choices(['ssh', 'web', 'both']).default('both'))
    .option('--dry-run', 'Show the entry, and change nothing.')
    .action(async (who, what, flags) => {
      const { changeAllowList } = await import('../server/allow-list.ts')
      await changeAllowList(who, what, flags, terminalFor(flags))
    })
}
