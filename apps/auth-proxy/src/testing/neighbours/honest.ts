import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'

/** What an honest user experienced during the attacks. */
export interface Experience {
  /** Duration of each call, in milliseconds. */
  readonly calls: readonly number[]
  /** Duration of each download of a small file, in milliseconds. */
  readonly downloads: readonly number[]
  /** Duration of each sign-in by the right password, in milliseconds. */
  readonly signIns: readonly number[]
  /** Every response other than 200. */
  readonly failures: readonly string[]
}

/** A user's server, credentials and run. */
export interface Person {
  readonly url: string
  /** Authorization header of a token. */
  readonly token: string
  readonly run: string
  /** Path of a small artifact of that run. */
  readonly file: string
  /** Signs in again by the right password. */
  readonly signIn: () => Promise<number>
}

/** Logs a metric about twenty times a second, signs in and downloads twice a second, until it is aborted. */
export async function workHonestly(
  { url, token, run, file, signIn }: Person,
  over: AbortSignal,
): Promise<Experience> {
  const agent = new Agent({ connections: 4 })
  const calls: number[] = []
  const signIns: number[] = []
  const downloads: number[] = []
  const failures: string[] = []
  const timed = async (durations: number[], work: () => Promise<number>): Promise<void> => {
    const before = performance.now()
    const status = await work().catch(String)
    durations.push(performance.now() - before)
    if (status !== 200) failures.push(String(status))
  }
  const log = async (): Promise<number> => {
    const { statusCode, body } = await request(`${url}/api/2.0/mlflow/runs/log-metric`, {
      dispatcher: agent,
      method: 'POST',
      headers: { authorization: token, 'content-type': 'application/json' },
      body: JSON.stringify({
        run_id: run,
        key: 'loss',
        value: 0.5,
        timestamp: Date.now(),
        step: calls.length,
      }),
    })
    await body.dump()
    return statusCode
  }
  const download = async (): Promise<number> => {
    const { statusCode, body } = await request(url + file, {
      dispatcher: agent,
      headers: { authorization: token },
    })
    await body.dump()
    return statusCode
  }
  const logging = async (): Promise<void> => {
    for (; !over.aborted; await sleep(50)) await timed(calls, log)
  }
  const signingIn = async (): Promise<void> => {
    for (; !over.aborted; await sleep(500)) await timed(signIns, signIn)
  }
  const downloading = async (): Promise<void> => {
    for (; !over.aborted; await sleep(500)) await timed(downloads, download)
  }
  await Promise.all([logging(), signingIn(), downloading()])
  await agent.destroy()
  return { calls, signIns, downloads, failures }
}
