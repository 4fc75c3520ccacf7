import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SharedMlflow } from '@soen/testbed'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { answersIn } from '../testing/answers.ts'
import { openSite } from '../testing/open-site.ts'
import type { OpenSite } from '../testing/open-site.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const execute = promisify(execFile)
const mlflow: SharedMlflow = inject('mlflow')
let site: OpenSite
beforeAll(async () => {
  site = await openSite({ mlflowSocket: mlflow.socketPath })
})
afterAll(() => site[Symbol.asyncDispose]())

interface Token {
  readonly id: string
  readonly token: string
}

async function newToken(): Promise<Token> {
  const answer = await site.api('bob', 'POST', '/tokens', { name: 'training' })
  const made: Token = JSON.parse(await answer.text())
  return made
}

/** Logs a run with each login in turn, by MLflow's unmodified client, and prints its owner, or the error. */
const program = `
import json, os, time
import mlflow

logins = json.loads(os.environ.pop("LOGINS"))
outcomes = []
for login in logins:
    os.environ.update(login)
    began = time.monotonic()
    try:
        mlflow.set_experiment("by token")
        with mlflow.start_run() as run:
            mlflow.log_metric("loss", 0.5)
        said = mlflow.get_run(run.info.run_id).data.tags["mlflow.user"]
    except mlflow.MlflowException as error:
        said = str(error)
    outcomes.append({"said": said, "seconds": time.monotonic() - began})
    for name in login:
        del os.environ[name]
print(json.dumps(outcomes))
`

interface Outcome {
  readonly said: string
  readonly seconds: number
}

/** All in one process: loading MLflow takes longer than everything else. */
async function logIn(logins: readonly Record<string, string>[]): Promise<readonly Outcome[]> {
  // A home without any file that has another login.
  await using home = await temporaryFolder()
  const { stdout } = await execute(mlflow.python, ['-c', program], {
    env: {
      PATH: process.env['PATH'],
      MLFLOW_TRACKING_URI: site.url,
      MLFLOW_DISABLE_TELEMETRY: 'true',
      HOME: home.path,
      LOGINS: JSON.stringify(logins),
    },
  })
  const outcomes: readonly Outcome[] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  return outcomes
}

describe("MLflow's unmodified Python client", () => {
  it('logs by a token as password of the name that everybody used before, under the name of its owner', async () => {
    const { token } = await newToken()
    const login = { MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: token }
    expect(await logIn([login])).toMatchObject([{ said: 'bob' }])
  })

  it('is told plainly what is wrong with its login, and does not ask again', async ({ annotate }) => {
    const revoked = await newToken()
    await site.api('bob', 'DELETE', `/tokens/${revoked.id}`)
    const { token } = await newToken()
    const before = answersIn(site.log).length
    const outcomes = await logIn([
      { MLFLOW_TRACKING_USERNAME: 'bob', MLFLOW_TRACKING_PASSWORD: 'wrong password' },
      { MLFLOW_TRACKING_TOKEN: revoked.token },
      { MLFLOW_TRACKING_TOKEN: token.slice(0, -1) },
      {},
    ])
    expect(outcomes.map(({ said }) => said)).toEqual([
      'UNAUTHENTICATED: The user name or the password is wrong. Check both, or ask an admin to set a new password for you. (SOEN_LOGIN_WRONG)',
      'UNAUTHENTICATED: This API token is not known, or was revoked. Make a new one on the page /_soen/account. (SOEN_TOKEN_WRONG)',
      'UNAUTHENTICATED: This API token is incomplete or mistyped: its checksum is wrong. Copy it again in full, or make a new one on the page /_soen/account. (SOEN_TOKEN_MISTYPED)',
      expect.stringMatching(
        /^UNAUTHENTICATED: This server needs a user name and a password\. .+ \(SOEN_LOGIN_MISSING\)$/,
      ),
    ])
    // One request each, without retries.
    const answers = answersIn(site.log).slice(before)
    expect(answers).toEqual(outcomes.map(() => '401 GET /api/2.0/mlflow/experiments/get-by-name'))
    await annotate(
      `Each call failed after ${outcomes.map(({ seconds }) => seconds.toFixed(2)).join(', ')} s.`,
    )
  })
})
