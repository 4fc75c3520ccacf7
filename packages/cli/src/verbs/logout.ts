import { jsonOption } from './flags.ts'
import { newVerb, type Verb } from './verb.ts'

/** `soen logout`: revokes and forgets this machine's token. */
export const logout: Verb = (parent, terminalFor) => {
  newVerb(
    parent,
    'logout',
    'Revoke the token of this machine, and forget it.',
    'soen logout',
    'soen logout https://mlflow.example.org',
  )
    .argument('[url]', 'The server. Default: the one that was signed in to last.')
    .addOption(jsonOption())
    .action(async (url, flags) => {
      const { endLogin } = await import('../people/end-login.ts')
      await endLogin(url, flags, terminalFor(flags))
    })
}
