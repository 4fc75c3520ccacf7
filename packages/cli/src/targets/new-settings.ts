import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { exampleYaml, settingsTemplate, type SshAnswers } from '@soen/settings'
import { CliError } from '../errors.ts'
import { createAsker } from '../output/ask.ts'
import type { Terminal } from '../output/terminal.ts'

/** The options of `soen init`: each answers a question beforehand. */
export interface InitOptions {
  readonly settings?: string
  readonly name: string
  readonly machine?: string
  readonly jump?: string
  readonly domain?: string
  readonly tls: SshAnswers['tls']
  readonly email?: string
  readonly artifacts?: string
  readonly force?: boolean
  readonly printExample?: boolean
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** Writes a settings file after at most five questions; never over another. */
export async function writeNewSettings(options: InitOptions, terminal: Terminal): Promise<void> {
  if (options.printExample) return terminal.result(exampleYaml.trimEnd())
  const path = resolve(options.settings ?? 'soen.yaml')
  if (existsSync(path) && !options.force && !options.dryRun) throw alreadyThere(path)
  const answers = await answersOf(options, ask)
  const text = settingsTemplate(answers)
  if (!options.dryRun) await writeFile(path, text, { flag: options.force ? 'w' : 'wx' })
  if (options.json) return terminal.json({ path, target: answers.name, text })
  terminal.result(options.dryRun ? text.trimEnd() : path)
  if (!options.dryRun) terminal.note('Look it over, then see what a deploy would do: soen plan')
}

/** Asks a person, or takes what stands for no answer where nobody can be asked. */
type Ask = (question: string, otherwise?: string) => Promise<string>

/** The questions, in their order; what a flag answers is not asked. */
export async function answersOf(options: InitOptions, askFor: Ask): Promise<SshAnswers> {
  const machine = options.machine ?? (await askFor('Machine, as user@host:', undefined))
  const jump = options.jump ?? (await askFor('Jump host on the way, as user@host (none: Enter):', ''))
  const reached = machineOf(machine)
  const domain = options.domain ?? (await askFor('Public name of the server, such as mlflow.example.org:'))
  const email =
    options.email ??
    (options.tls === 'acme'
      ? await askFor('Mail address for the certificate authority (none: Enter):', '')
      : '')
  const artifacts =
    options.artifacts ??
    (await askFor('Artifacts on its disk, or in s3://BUCKET/FOLDER (disk: Enter):', 'disk'))
  return {
    name: options.name,
    domain,
    tls: options.tls,
    ...reached,
    ...(jump !== '' && { jump: jump.split(',').map((hop) => hop.trim()) }),
    ...(email !== '' && { email }),
    artifacts: artifacts === '' ? 'disk' : artifacts,
  }
}

/** `user@host:port`, of which only the host must be there. */
export function machineOf(text: string): Pick<SshAnswers, 'address' | 'user' | 'port'> {
  const {
    user,
    address = text,
    port,
  } = /^(?:(?<user>[^@]+)@)?(?<address>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/.exec(text.trim())?.groups ?? {}
  return {
    address: address.replace(/^\[(.*)\]$/, '$1'),
    ...(user !== undefined && { user }),
    ...(port !== undefined && { port: Number(port) }),
  }
}

async function ask(question: string, otherwise?: string): Promise<string> {
  const canAsk = process.stdin.isTTY && process.stderr.isTTY
  if (!canAsk && otherwise !== undefined) return otherwise
  const hint = 'Answer by flags: soen init --machine USER@HOST --domain NAME'
  return (await createAsker({ otherwise: hint }).line(question)).trim()
}

function alreadyThere(path: string): CliError {
  return new CliError(`${path} is there already.`, {
    code: 'SOEN_SETTINGS_EXIST',
    hint: 'Change it in an editor, write another (--settings FILE), or replace it: --force.',
  })
}
