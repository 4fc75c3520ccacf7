/** What a program reads that speaks of another server than the relay, or would lead around it. */
const OTHERS = /^MLFLOW_(TRACKING_(?!URI$)|RUN_ID$|EXPERIMENT_ID$|REGISTRY_URI$)/

/** By which a program logs to the relay. */
export interface RelayAddress {
  readonly url: string
  readonly username: string
  readonly password: string
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The environment of a program that logs through the relay: its own, with the relay in the server's place. The team's
 * password is not in it.
 */
export function childEnvironment(
  env: Environment,
  { url, username, password }: RelayAddress,
  { experiment }: { readonly experiment?: string | undefined } = {},
): Record<string, string> {
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OTHERS.test(entry[0]),
  )
  const bypassed = [env['NO_PROXY'] ?? env['no_proxy'], '127.0.0.1'].filter(Boolean).join(',')
  return {
    ...Object.fromEntries(own),
    MLFLOW_TRACKING_URI: url,
    MLFLOW_TRACKING_USERNAME: username,
    MLFLOW_TRACKING_PASSWORD: password,
    ...(experiment !== undefined && { MLFLOW_EXPERIMENT_NAME: experiment }),
    // Files reach the relay in one piece: it cuts them itself.
    MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    // A proxy of the network is none of the way to this machine.
    NO_PROXY: bypassed,
    no_proxy: bypassed,
    // Python holds back what it writes into a file.
    PYTHONUNBUFFERED: '1',
  }
}
