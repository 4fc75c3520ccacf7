const passed: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR)$/,
  // Where Node keeps what it made of sources: without it a program takes twice as long to start.
  /^NODE_COMPILE_CACHE$/,
  // Artifacts in S3 and a database elsewhere are MLflow's to reach, with the keys and files of their own tools.
  /^AWS_\w+$/,
  /^PG(PASSFILE|SSL\w+|SERVICEFILE|SYSCONFDIR)$/,
  /^(HTTPS?|NO)_PROXY$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/,
]

/** What a server that we start may see of our own environment; a stray `MLFLOW_…` must not bend its profile. */
export function inheritedEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && passed.some((pattern) => pattern.test(name)) ? [[name, value]] : [],
  )
  return Object.fromEntries(entries)
}
