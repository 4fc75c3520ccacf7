import type { Command, Terminal } from './commands/command.ts'
import { wrongUse } from './commands/options.ts'
import { AuthProxyError, UsageError } from './errors/auth-proxy-error.ts'

/** Loaded on demand: a single call of the API needs none of the code that serves. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['serve', async () => (await import('./commands/serve.ts')).serve],
  ['user set', async () => (await import('./commands/user-set.ts')).userSet],
  ['token create', async () => (await import('./commands/token-create.ts')).tokenCreate],
  ['api', async () => (await import('./commands/api.ts')).api],
  ['audit list', async () => (await import('./commands/audit-list.ts')).auditList],
  ['audit verify', async () => (await import('./commands/audit-verify.ts')).auditVerify],
  ['audit sign', async () => (await import('./commands/audit-sign.ts')).auditSign],
  ['openapi', async () => (await import('./commands/openapi.ts')).openapi],
])

const help = `soen-auth-proxy: the front door of an MLflow server

  serve --listen 127.0.0.1:PORT --upstream unix:/path/mlflow.sock --state STATE [--allowed-host NAME]...
        [--feature NAME]... [--behind-tls-proxy] [--setup-secret-file FILE] [--audit-folder FOLDER|none]
        [--audit-days N] [--audit-signatures FOLDER] [--config FILE] [--check [--json]]
      Lets signed-in people through to MLflow. Port 0 takes any free one. --behind-tls-proxy believes the
      X-Forwarded-For and -Proto that a TLS proxy on this machine adds. While there is no user,
      --setup-secret-file gets a secret by which the first admin is made at /_soen/setup. --feature switches on a
      part of MLflow that is off otherwise: assistant, demo, gateway, jobs, mcp-servers, promptlab, workspaces.
      Every option can also stand in the environment (SOEN_PROXY_LISTEN) or in the YAML file of --config (listen:);
      the command line wins over the environment, that over the file. --check shows what is in force and where it
      comes from. SIGHUP reads the file again. --team-name says on the pages whose server this is. More options:
      --log-level, --drain-seconds.
      Who did what is kept for 400 days in the state, and in files below STATE.audit if that is a file.
  user set NAME --state STATE [--role viewer|member|maintainer|admin] [--service] [--legacy-until DAY|never]
      Makes a user or gives one a new password, read from the first line of stdin. --service makes an account
      for a program, which has tokens and no password. --legacy-until is for a password that people share.
  token create OWNER --name NAME --state STATE [--days N|never]
      Prints a new API token, once. It lasts 90 days; only a service account's may last for ever.
  api METHOD PATH --state STATE [--audit-folder FOLDER] [--audit-signatures FOLDER]
      One call of the API as the operator, with the body as JSON from stdin: everything else about users, tokens
      and sessions, also while nothing serves. soen user, soen token and soen session put it into words.
  audit list --state STATE [--run ID] [--experiment ID] [--user NAME] [--action PART] [--denied]
        [--since AGE|DAY] [--until AGE|DAY] [--limit N] [--json] [--follow]
      Shows who did what, the newest first.
  audit verify --state STATE [--audit-folder FOLDER] [--audit-signatures FOLDER] [--json]
      Checks that no record was altered, removed or moved; exit code 1 when one was.
  audit sign --audit-folder FOLDER --signatures FOLDER
      Signs the head of each chain of the audit's files, with a key that it creates in the second folder. Run it every
      few minutes as another user than the front door's; audit verify then finds what was rewritten or cut off.
  openapi
      Prints the description of the API below /_soen/api/.

STATE is a file, or the URL of a PostgreSQL without a password in it: postgresql:///soen?host=/run/postgresql

Example: the first admin, and the door
  read -rs PASSWORD && printf '%s\\n' "$PASSWORD" | soen-auth-proxy user set ada --role admin --state auth.sqlite
  soen-auth-proxy serve --listen 127.0.0.1:5000 --upstream unix:/run/soen/mlflow.sock --state auth.sqlite

Example: who has an account, and an end to a lock-out
  soen-auth-proxy api GET /_soen/api/users --state auth.sqlite
  soen-auth-proxy api POST /_soen/api/users/ada/unlock --state auth.sqlite
`

/**
 * Runs one command line and resolves to its exit code: 0 done, 1 failed, 2 wrong use. `onLoaded` is called
 * once all of the command's code is loaded, before it runs.
 */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  onLoaded: () => void = () => {},
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    terminal.stdout.write(help)
    return 0
  }
  try {
    const { load, rest } = findCommand(args)
    const command = await load()
    onLoaded()
    return await command(rest, terminal)
  } catch (error) {
    if (!(error instanceof AuthProxyError)) throw error
    terminal.stderr.write(`${error.message}\n${error.hint} (${error.code})\n`)
    return error instanceof UsageError ? 2 : 1
  }
}

function findCommand(args: readonly string[]): { load: () => Promise<Command>; rest: readonly string[] } {
  for (const words of [1, 2]) {
    const load = commands.get(args.slice(0, words).join(' '))
    if (load !== undefined) return { load, rest: args.slice(words) }
  }
  throw wrongUse(
    args.length === 0 ? 'A command is missing.' : `There is no command ${JSON.stringify(args[0])}.`,
  )
}
