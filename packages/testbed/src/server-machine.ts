import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { payloadStore, type Facts, type Payload, type PlanEvent, type ServerTarget } from '@soen/host'
import { temporaryFolder } from './folder.ts'
import { packProgram } from './pack-program.ts'
import { makeServerPayload } from './server-payload.ts'
import type { Suite } from './systemd-host/base-image.ts'
import { startSystemdHost, type SystemdHost } from './systemd-host/systemd-host.ts'

/** A real host that can be made a server by the plan. */
export interface ServerMachine extends AsyncDisposable {
  readonly host: SystemdHost
  /** Applies the plan; `facts` override what would be read from this host. */
  apply(options: ApplyServerOptions): Promise<readonly PlanEvent[]>
  /** Writes the files that `applyCommand` applies. */
  carry(options: ApplyServerOptions): Promise<void>
  /** A shell command that applies what was written last. */
  readonly applyCommand: string
  readonly payload: Payload
}

/** What to apply. */
interface ApplyServerOptions {
  readonly target: ServerTarget
  readonly facts?: Partial<Facts>
  readonly secrets?: Payload['secrets']
  readonly isDryRun?: boolean
}

const program = fileURLToPath(new URL('on-host/apply-server.ts', import.meta.url))

/** How the machine is set up. */
export interface ServerMachineOptions {
  readonly suite: Suite
  /** Packages are carried, and no others are available; otherwise they are in its cache. */
  readonly hasCarriedPackages?: boolean
}

/** Boots a bare host and copies to it what a server needs: Node, a program that applies plans, and the payload. */
export async function startServerMachine({
  suite,
  hasCarriedPackages = false,
}: ServerMachineOptions): Promise<ServerMachine> {
  const folder = temporaryFolder('server')
  using carried = await makeServerPayload(suite, hasCarriedPackages)
  const { payload } = carried
  const host = await startSystemdHost({ suite })
  await host.run(`mkdir -p /opt/test ${dirname(payloadStore)}`)
  await host.copyIn(process.execPath, '/opt/test/node')
  await host.copyIn(carried.store, payloadStore)
  await packProgram(program, join(folder.path, 'apply.mjs'))
  await host.copyIn(join(folder.path, 'apply.mjs'), '/opt/test/apply.mjs')
  if (hasCarriedPackages) await host.run('rm -r /var/lib/apt/lists/* /var/cache/apt/archives/*.deb')
  // The compile cache saves compiling it again.
  const applyCommand = 'cd /opt/test && NODE_COMPILE_CACHE=compiled exec ./node apply.mjs'

  const carry = async ({ target, facts, secrets, isDryRun }: ApplyServerOptions): Promise<void> => {
    const file = join(folder.path, 'server.json')
    writeFileSync(file, JSON.stringify({ target, facts, payload: { ...payload, secrets }, isDryRun }))
    await host.copyIn(file, '/opt/test/server.json')
  }
  return {
    host,
    payload,
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
