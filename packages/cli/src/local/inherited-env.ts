const passed: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR)$/,
  // Node's compile cache: without it a program takes twice as long to start.
  /^NODE_COMPILE_CACHE$/,
  // MLflow accesses artifacts in S3 and remote databases with the credentials of those tools.
  /^AWS_\w+$/,
  /^PG(PASSFILE|SSL\w+|SERVICEFILE|SYSCONFDIR)$/,
  /^(HTTPS?|NO)_PROXY$/i,
  /^(SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/,
]

/** The environment variables that a server of ours inherits; a stray `MLFLOW_…` must not change its profile. */
export function inheritedEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && passed.some((pattern) => pattern.test(name)) ? [[name, value]] : [],
  )
  return Object.fromEntries(entries)
}
