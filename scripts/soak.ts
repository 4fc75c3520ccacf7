/** `npm run soak [-- NAME]`: the kill tests at full length; every test run has them in short. */
import { spawnSync } from 'node:child_process'

const soaks: Readonly<
  Record<string, { readonly file: string; readonly env: Readonly<Record<string, string>> }>
> = {
  // Against the real MLflow, and against one that also loses responses.
  journal: { file: 'packages/mlflow-client/src/delivery/kill.', env: { SOEN_KILLS: '200' } },
  'many-runs': {
    file: 'packages/mlflow-client/src/run/many-runs.live.test.ts',
    env: { SOEN_RUNS: '500' },
  },
  'relayed-run': {
    file: 'packages/cli/src/trainings/run-killed.live.test.ts',
    env: { SOEN_RUN_KILLS: '50' },
  },
  'local-store': {
    file: 'packages/mlflow-client/src/local-store/killed.live.test.ts',
    env: { SOEN_STORE_KILLS: '100' },
  },
  // Needs the same space on the disk once more, for the store.
  upload: {
    file: 'packages/mlflow-client/src/artifacts/large-upload.live.test.ts',
    env: { SOEN_UPLOAD_BYTES: '50000000000' },
  },
  provisioner: {
    file: 'packages/testbed/src/apply-plan.host.test.ts',
    env: { SOEN_PROVISIONER_KILLS: '20' },
  },
  // The plan of a whole server, starting from a bare machine.
  server: {
    file: 'packages/testbed/src/server-drift.host.test.ts',
    env: { SOEN_PROVISIONER_KILLS: '20' },
  },
  // A server of 2 GB: ten minutes of trainings, certificates renewed at least three times under load, and their
  // authority unreachable for two lifetimes.
  'running-server': {
    file: 'packages/testbed/src/server-plan.host.test.ts',
    env: { SOEN_TRAINING_S: '600', SOEN_RENEWALS: '4', SOEN_ACME_OUTAGE_S: '240' },
  },
  // Random requests, as the front door and as MLflow's own parser read them.
  differential: {
    file: 'apps/auth-proxy/src/canonical/call.live.test.ts',
    env: { SOEN_REQUESTS: '100000' },
  },
  // Guessed passwords, the largest bodies, compressed ones and slow uploads at once, for ten minutes.
  'hostile-neighbours': {
    file: 'apps/auth-proxy/src/hostile-neighbours.live.test.ts',
    env: { SOEN_HOSTILE_S: '600' },
  },
  // Trainings go on while the machine has no power or boots; and deploys that wait for something in vain.
  'deployed-server': {
    file: 'packages/cli/src/server/',
    env: {
      SOEN_OUTAGES: 'power cut,reboot,power cut,reboot,power cut',
      SOEN_APT_LOCKED: '1',
      SOEN_SUITE: 'trixie',
      SOEN_FIRST_RUN: 'bookworm,trixie',
    },
  },
}

const chosen = process.argv.slice(2)
const unknown = chosen.find((name) => soaks[name] === undefined)
if (unknown !== undefined) {
  console.error(
    `✗ There is no soak «${unknown}».\n  → Choose among ${Object.keys(soaks).join(', ')}, or none for all.`,
  )
  process.exit(2)
}
for (const [name, { file, env }] of Object.entries(soaks)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  console.log(
    `— ${name}: ${Object.entries(env)
      .map((pair) => pair.join('='))
      .join(' ')}`,
  )
  // Without a time limit: here duration is the point.
  const args = ['scripts/test.ts', '--testTimeout=7200000', file]
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status !== 0) process.exitCode = 1
}
