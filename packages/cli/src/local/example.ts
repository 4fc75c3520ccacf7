import { spawn } from 'node:child_process'
import { mkdir, writeFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { CliError } from '../errors.ts'
import { counted } from '../output/counted.ts'
import { systemUser } from '../system-user.ts'
import type { ExampleMember } from './example-member.ts'
import type { Home } from './home.ts'

/** A training program, and the platform it logs to. */
export interface ExampleOptions {
  /** Path of a `.ts`, `.mjs` or `.js` program that takes `--config FILE --json`. */
  readonly program: string
  readonly home: Home
  readonly url: string
  readonly member: ExampleMember
  /** Called with each line that the program prints. */
  readonly onLine: (line: string) => void
  readonly signal?: AbortSignal
}

/** What an example logged. */
export interface LoggedRun {
  readonly runId: string
  readonly experimentId: string
  readonly name: string
  /** The final metric and how much was delivered, for instance `val_loss 1.20e-4, 812 items delivered`. */
  readonly summary: string
}

/**
 * Runs a training program.
 *
 * @throws CliError `SOEN_EXAMPLE_FAILED`
 */
export async function runExample(options: ExampleOptions): Promise<LoggedRun> {
  const { program, home, url, member, onLine, signal } = options
  const config = join(home.run, 'example.yaml')
  await mkdir(home.run, { recursive: true })
  // Passed by a file, as for a teammate's own training: environment variables would be inherited by every child.
  await writeFile(
    config,
    trainingYaml({
      url,
      member,
      teamMember: systemUser(),
      spoolDir: join(home.path, 'spool'),
    }),
    {
      mode: 0o600,
    },
  )
  try {
    const lines = await run([resolve(program), '--config', config, '--json'], onLine, signal)
    return parseResult(lines.at(-1) ?? '')
  } finally {
    await rm(config, { force: true })
  }
}

/** The values of the example's `logging:` block. */
export interface TrainingYaml {
  readonly url: string
  readonly member: ExampleMember
  /** Who trains, for the run's tags. */
  readonly teamMember: string
  /** In the platform's home, as everything of a platform. */
  readonly spoolDir: string
}

/** The team's `logging:` block; JSON strings are valid YAML. */
export function trainingYaml({ url, member, teamMember, spoolDir }: TrainingYaml): string {
  const lines = {
    mlflow_active: true,
    mlflow_tracking_uri: url,
    mlflow_username: member.name,
    mlflow_password: member.password,
    team_member: teamMember,
    spool_dir: spoolDir,
  }
  return `logging:\n${Object.entries(lines)
    .map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`)
    .join('')}`
}

async function run(
  args: readonly string[],
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  const ended = new Promise<number | null>((done, failed) => {
    child.once('error', failed)
    child.once('close', done)
  })
  createInterface({ input: child.stderr }).on('line', onLine)
  const results: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    results.push(line)
    if (!line.startsWith('{')) onLine(line)
  })
  const code = await ended
  if (code === 0) return results
  throw new CliError(`The example ended with exit code ${code}.`, {
    code: 'SOEN_EXAMPLE_FAILED',
    hint: 'Its last lines are above; the platform itself is up.',
  })
}

/** Parses the example's last line: `{runId, experimentId, name, metrics, receipt: {delivered, spooled}}`. */
export function parseResult(line: string): LoggedRun {
  const { runId, experimentId, name, metrics, receipt } = parseObject(line)
  const { delivered, spooled } = Object(receipt)
  if (typeof runId !== 'string' || typeof experimentId !== 'string' || typeof name !== 'string') {
    throw notLogged('it never reached the server')
  }
  if (Number(spooled) > 0) throw notLogged(`${counted(Number(spooled), 'item')} still to be delivered`)
  return {
    runId,
    experimentId,
    name,
    summary: `${finalLoss(metrics)}${counted(Number(delivered), 'item')} delivered`,
  }
}

/** The final loss, if the training reports one; JSON has no NaN. */
function finalLoss(metrics: unknown): string {
  const { 'val_loss/total': total, val_loss: loss = total } = Object(metrics)
  return typeof loss === 'number' ? `val_loss ${loss.toExponential(2)}, ` : ''
}

function parseObject(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return { ...Object(value) }
  } catch {
    throw notLogged('its last line is not a result')
  }
}

function notLogged(reason: string): CliError {
  return new CliError(`The example did not log its run: ${reason}.`, {
    code: 'SOEN_EXAMPLE_FAILED',
    hint: 'Read `soen logs auth-proxy` and `soen logs mlflow`; the platform itself is up.',
  })
}
