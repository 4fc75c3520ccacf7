import { Argument, Option, type Command } from 'commander'
import type * as people from './commands/people.ts'
import { examples, homeOption, jsonOption } from './options.ts'

const roles = ['viewer', 'member', 'maintainer', 'admin']

/** The verbs about people: who may sign in to the local platform, and with what. */
export function addPeopleVerbs(program: Command): void {
  const user = group('user', 'Manage who may sign in to the local platform.', 'soen user add ada')
  leaf(
    user,
    'add <name>',
    'Make an account, and show its password once.',
    'soen user add ada --role maintainer',
  )
    .addOption(new Option('--role <role>', 'What the person may do.').choices(roles).default('member'))
    .option('--service', 'An account for a program: it has tokens and no password.')
    .addOption(jsonOption())
    .action(async (name, options) => (await commands()).addUser(name, options))
  leaf(user, 'password <name>', 'Give an account a new password, and show it once.', 'soen user password ada')
    .addOption(jsonOption())
    .action(async (name, options) => (await commands()).changePassword(name, options))
  leaf(user, 'list', 'Show all accounts.', 'soen user list')
    .addOption(jsonOption())
    .action(async (options) => (await commands()).askFrontDoor(['user', 'list'], options))
  const words = {
    disable: 'Lock an account out',
    enable: 'Let an account in again',
    remove: 'Remove an account',
  }
  for (const [verb, what] of Object.entries(words)) {
    leaf(user, `${verb} <name>`, `${what}, at once.`, `soen user ${verb} ada`).action(async (name, options) =>
      (await commands()).askFrontDoor(['user', verb, name], options),
    )
  }
  leaf(user, 'unlock <name>', 'Forget the failed logins of an account.', 'soen user unlock ada').action(
    async (name, options) => (await commands()).askFrontDoor(['user', 'unlock', name], options),
  )

  const token = group(
    'token',
    'Manage the tokens that programs sign in with.',
    'soen token create ada --name laptop',
  )
  leaf(
    token,
    'create <owner>',
    'Make a token, and show it once.',
    'soen token create ada --name laptop --days 30',
  )
    .requiredOption('--name <name>', 'What it is for.')
    .option('--days <count>', 'How long it lasts; `never` ends only for service accounts.', '90')
    .addOption(jsonOption())
    .action(async (owner, { name, days, ...options }) =>
      (await commands()).askFrontDoor(['token', 'create', owner, '--name', name, '--days', days], options),
    )
  ownedThings(token, 'token', 'tokens')

  const session = group('session', 'Manage the browsers that are signed in.', 'soen session list')
  ownedThings(session, 'session', 'sessions')

  function group(name: string, summary: string, example: string): Command {
    return program.command(name).summary(summary).description(summary).addHelpText('after', examples(example))
  }
}

function ownedThings(parent: Command, name: string, plural: string): void {
  leaf(parent, 'list', `Show all ${plural}, or those of one account.`, `soen ${name} list --owner ada`)
    .option('--owner <name>', 'The account whose they are.')
    .addOption(jsonOption())
    .action(async ({ owner, ...options }) =>
      (await commands()).askFrontDoor(
        [name, 'list', ...(owner === undefined ? [] : ['--owner', owner])],
        options,
      ),
    )
  leaf(parent, 'revoke', `End a ${name}, at once.`, `soen ${name} revoke 41VN7SFhHIGC`)
    .addArgument(new Argument('<id>', `The ${name}'s id, as the list shows it.`))
    .action(async (id, options) => (await commands()).askFrontDoor([name, 'revoke', id], options))
}

function leaf(parent: Command, usage: string, summary: string, example: string): Command {
  return parent
    .command(usage)
    .summary(summary)
    .description(summary)
    .addOption(homeOption())
    .addHelpText('after', examples(example))
}

function commands(): Promise<typeof people> {
  return import('./commands/people.ts')
}
