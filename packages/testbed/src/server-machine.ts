import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { payloadStore, type Facts, type Payload, type PlanEvent, type ServerTarget } from '@soen/host'
import { temporaryFolder } from './folder.ts'
import { makeServerPayload } from './server-payload.ts'
import type { Suite } from './systemd-host/base-image.ts'
import { startSystemdHost, type SystemdHost } from './systemd-host/systemd-host.ts'

/** A real host, and the means to make it a server by the plan. */
export interface ServerMachine extends AsyncDisposable {
  readonly host: SystemdHost
  /** Makes it as planned; `facts` stand in for what this host would say of itself. */
  apply(options: ApplyServerOptions): Promise<readonly PlanEvent[]>
  /** Puts down what `applyCommand` applies. */
  carry(options: ApplyServerOptions): Promise<void>
  /** Applies what was put down last; a shell command. */
  readonly applyCommand: string
}

/** Which plan is applied. */
interface ApplyServerOptions {
  readonly target: ServerTarget
  readonly facts?: Partial<Facts>
  readonly secrets?: Payload['secrets']
  readonly isDryRun?: boolean
}

const program = `
import { readFileSync } from 'node:fs'
import { applyPlan } from './src/apply-plan.ts'
import { readFacts } from './src/machine/facts.ts'
import { thisMachine } from './src/machine/machine.ts'
import { serverPlan } from './src/plan.ts'
const { target, payload, facts, isDryRun } = JSON.parse(readFileSync('server.json', 'utf8'))
const machine = thisMachine()
try {
  const plan = serverPlan(target, { ...(await readFacts(machine)), ...facts }, payload)
  for await (const event of applyPlan(plan, { machine, isDryRun })) console.log(JSON.stringify(event))
} catch (error) {
  console.error(error.code, error.message, error.cause?.message ?? '')
  process.exitCode = 1
}`

/** What the machine is like. */
export interface ServerMachineOptions {
  readonly suite: Suite
  /** Its packages are carried, and it knows of no others; else they lie in its cache. */
  readonly hasCarriedPackages?: boolean
}

/** Boots a bare host and carries to it what a server needs: Node, the plan's sources, and the payload. */
export async function startServerMachine({
  suite,
  hasCarriedPackages = false,
}: ServerMachineOptions): Promise<ServerMachine> {
  const folder = temporaryFolder('server')
  using carried = await makeServerPayload(suite, hasCarriedPackages)
  const { payload } = carried
  const host = await startSystemdHost({ suite })
  const sources = dirname(fileURLToPath(import.meta.resolve('@soen/host')))
  await host.run(`mkdir -p /opt/test ${dirname(payloadStore)}`)
  await host.copyIn(process.execPath, '/opt/test/node')
  await host.copyIn(sources, '/opt/test/src')
  await host.copyIn(carried.store, payloadStore)
  writeFileSync(join(folder.path, 'apply.ts'), program)
  await host.copyIn(join(folder.path, 'apply.ts'), '/opt/test/apply.ts')
  await host.run('echo \'{"type":"module"}\' > /opt/test/package.json')
  if (hasCarriedPackages) await host.run('rm -r /var/lib/apt/lists/* /var/cache/apt/archives/*.deb')
  // The sources are compiled once.
  const applyCommand = 'cd /opt/test && NODE_COMPILE_CACHE=compiled exec ./node apply.ts'

  const carry = async ({ target, facts, secrets, isDryRun }: ApplyServerOptions): Promise<void> => {
    const file = join(folder.path, 'server.json')
    writeFileSync(file, JSON.stringify({ target, facts, payload: { ...payload, secrets }, isDryRun }))
    await host.copyIn(file, '/opt/test/server.json')
  }
  return {
    host,
    carry,
    applyCommand,
    async apply(options) {
      await carry(options)
      const { code, stdout, stderr } = await host.run(applyCommand)
      if (code !== 0) throw new Error(stderr)
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}
