import { Argument, Option, type Command } from 'commander'
import { peopleVerbs, roles, type PeopleVerb } from './user.ts'
import { examples, homeOption, jsonOption } from './flags.ts'
import type { Terminal } from '../output/terminal.ts'
import { withServerOptions } from './server-flags.ts'

const groups = {
  user: 'Manage who may sign in.',
  token: 'Manage the tokens that programs sign in with.',
  session: 'Manage the browsers that are signed in.',
}

/** The verbs about people, on a server or on the local platform. */
export function addPeopleVerbs(
  program: Command,
  terminalFor: (options: { json?: boolean }) => Terminal,
): void {
  for (const [name, summary] of Object.entries(groups)) {
    const verbs = peopleVerbs.filter(({ usage }) => usage.startsWith(`${name} `))
    const group = program.command(name).summary(summary).description(summary)
    group.addHelpText('after', examples(verbs[0]?.example ?? ''))
    for (const verb of verbs) addVerb(group, verb, terminalFor)
  }
}

function addVerb(
  group: Command,
  verb: PeopleVerb,
  terminalFor: (options: { json?: boolean }) => Terminal,
): void {
  const [, name = '', ...places] = verb.usage.split(' ')
  const command = group.command(name).summary(verb.summary).description(verb.summary)
  for (const place of places) command.addArgument(argument(place))
  for (const option of verb.options ?? []) command.addOption(option())
  withServerOptions(command.addOption(serverOption())).addOption(homeOption())
  if (verb.changes) {
    command
      .option('--password-stdin', 'Your own password is the first line of stdin, where it is needed.')
      .option('--dry-run', 'Show what would be asked for, and change nothing.')
  }
  if (verb.asks !== undefined) command.option('--yes', 'Do not ask first.')
  command
    .addOption(jsonOption())
    .addHelpText('after', examples(verb.example))
    .action(async (...typed: unknown[]) => {
      const [first = '', second = ''] = typed.slice(0, places.length).map(String)
      const options = command.opts()
      const { runPeopleVerb } = await import('../people/ask-front-door.ts')
      await runPeopleVerb(verb, { name: first, second, options }, options, terminalFor(options))
    })
}

/** Which server is meant. */
export function serverOption(): Option {
  return new Option(
    '--server <url>',
    'The server. Default: the one that `soen login` named last, else the local platform.',
  )
}

function argument(place: string): Argument {
  switch (place) {
    case '<role>':
      return new Argument(place, 'What it may do.').choices(roles)
    case '<id>':
      return new Argument(place, 'Its id, as the list shows it.')
    default:
      return new Argument(place, 'The account.')
  }
}
