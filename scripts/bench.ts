/** `npm run bench -- AREA [--json]`: measures one area beside its peers and prints the table. */
import { spawnSync } from 'node:child_process'

const areas: Readonly<Record<string, string>> = {
  client: 'packages/mlflow-client/src/run/run.bench.ts',
  'auth-proxy': 'apps/auth-proxy/src/proxy.bench.ts',
  host: 'packages/testbed/src/mlflow-profile.bench.ts',
}

const [area = '', ...args] = process.argv.slice(2)
const file = areas[area]
if (file === undefined) {
  console.error(
    `✗ There is no area «${area}».\n  → Choose one of ${Object.keys(areas).join(', ')}: npm run bench -- client`,
  )
  process.exit(2)
}
process.exitCode = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' }).status ?? 1
