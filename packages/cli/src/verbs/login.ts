import { Option } from '@commander-js/extra-typings'
import { jsonOption, parseCount } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen login`: signs this machine in with a token of its own. */
export const login: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
    'login',
    'Sign this machine in to a server, by a token of its own.',
    'soen login https://mlflow.example.org',
    'printf "%s\\n" "$PASSWORD" | soen login mlflow.example.org --user ada --password-stdin',
  )
    .argument('<url>', 'The address of the server.')
    .option('--user <name>', 'Your account; asked for when left out.')
    .option('--name <name>', 'What the token is called. Default: this machine.')
    .option('--days <count>', 'How long the token lasts.', parseCount, 90)
    .option('--password-stdin', 'The password is the first line of stdin.')
    .addOption(
      new Option('--token-stdin', 'Take the token on the first line of stdin, and make none.').conflicts([
        'passwordStdin',
        'user',
        'name',
      ]),
    )
    .option('--plain-http', 'Send the password unencrypted, in a network where every machine is trusted.')
    .addOption(jsonOption())
    .action(async (url, flags) => {
      const { makeLogin } = await import('../people/make-login.ts')
      await makeLogin(url, flags, terminalFor(flags))
    })
}
