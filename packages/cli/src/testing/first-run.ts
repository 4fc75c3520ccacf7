import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPebble, waitUntil, type Suite, type SystemdHost } from '@soen/testbed'
import { startDeployingSoen } from './deploying-soen.ts'
import type { VerbResult } from './verbs-in.ts'

/**
 * Logs a run with MLflow's own client, over HTTPS, on the server's own machine; resolves to its id, or an empty
 * string if that failed. The certificate is verified if its authority is given.
 */
export async function logRunOn(host: SystemdHost, password: string, authorityFile?: string): Promise<string> {
  const program = `import mlflow
mlflow.set_experiment('first')
with mlflow.start_run() as run: mlflow.log_metric('loss', 0.5)
print(run.info.run_id)`
  const trust =
    authorityFile === undefined ? 'MLFLOW_TRACKING_INSECURE_TLS=true' : `REQUESTS_CA_BUNDLE=${authorityFile}`
  const env = `MLFLOW_DISABLE_TELEMETRY=true MLFLOW_TRACKING_URI=https://soen.test ${trust} MLFLOW_TRACKING_USERNAME=ada MLFLOW_TRACKING_PASSWORD=${password}`
  await host.run('grep -qF soen.test /etc/hosts || echo 127.0.0.1 soen.test >> /etc/hosts')
  const { stdout } = await host.run(
    `${env} $(ls /opt/soen/mlflow/*/bin/python) -W ignore - <<'END'\n${program}\nEND`,
  )
  return stdout.split('\n').find((line) => /^[0-9a-f]{32}$/.test(line)) ?? ''
}

/** Seconds from `soen deploy` on a bare machine to the first run over HTTPS, with a certificate from pebble. */
export async function timeFirstRun(suite: Suite): Promise<number> {
  await using team = await startDeployingSoen(suite)
  const { address } = team.host
  await using pebble = await startPebble({ listenOn: address.replace(/\d+$/, '1'), namesAt: address })
  const roots = { 'directory.pem': pebble.directoryRoot, 'issuer.pem': pebble.issuerRoot }
  for (const [name, pem] of Object.entries(roots)) {
    writeFileSync(join(team.folder, name), pem)
    await team.host.copyIn(join(team.folder, name), `/etc/ssl/certs/${name}`)
  }
  const authority = { directory: pebble.directoryUrl, rootFile: '/etc/ssl/certs/directory.pem' }
  team.writeSettings({ tls: { mode: 'acme', ...authority } })
  const startedAt = performance.now()
  await succeed(team.soen(['deploy']))
  const made = await succeed(
    team.soen(['user', 'add', 'ada', '--role', 'admin', '--target', 'lab', '--json']),
  )
  const { password } = Object(JSON.parse(made))
  await waitUntil(async () => (await logRunOn(team.host, password, '/etc/ssl/certs/issuer.pem')) !== '', {
    what: 'the first run',
  })
  return Math.round((performance.now() - startedAt) / 1000)
}

async function succeed(verb: Promise<VerbResult>): Promise<string> {
  const { status, stdout, stderr } = await verb
  if (status !== 0) throw new Error(stderr)
  return stdout
}
