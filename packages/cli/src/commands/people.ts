import { generatePassword } from '../local/accounts.ts'
import { runFrontDoor } from '../local/front-door-program.ts'
import { findHome } from '../local/home.ts'

/** What every verb about people takes. */
export interface PeopleOptions {
  readonly home?: string
  readonly json?: boolean
}

/** How an account is made. */
export interface AddUserOptions extends PeopleOptions {
  readonly role: string
  readonly service?: boolean
}

/** Makes an account; its password is shown this once and kept as a hash. */
export async function addUser(name: string, { role, service, ...options }: AddUserOptions): Promise<void> {
  if (service) return askFrontDoor(['user', 'set', name, '--role', role, '--service'], options)
  await setPassword(['user', 'set', name, '--role', role], name, options)
}

/** Gives an account a new password; it keeps its role. */
export function changePassword(name: string, options: PeopleOptions): Promise<void> {
  return setPassword(['user', 'set', name], name, options)
}

/** Hands a verb to the front door's own program, which words its answers itself. */
export async function askFrontDoor(args: readonly string[], options: PeopleOptions): Promise<void> {
  const { accounts } = findHome({ chosen: options.home })
  const all = [...args, '--state', accounts, ...(options.json ? ['--json'] : [])]
  const { code, stdout, stderr } = await runFrontDoor(all)
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  process.exitCode = code
}

async function setPassword(
  args: readonly string[],
  user: string,
  { home, json }: PeopleOptions,
): Promise<void> {
  const { accounts } = findHome({ chosen: home })
  const password = generatePassword()
  const { code, stderr } = await runFrontDoor([...args, '--state', accounts], `${password}\n`)
  process.stderr.write(stderr)
  process.exitCode = code
  if (code !== 0) return
  process.stdout.write(
    json ? `${JSON.stringify({ user, password })}\n` : `${user} ${password} (shown this once)\n`,
  )
}
