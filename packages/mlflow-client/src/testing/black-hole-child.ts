// Runs the program in its arguments in a network namespace whose name server never answers and whose machines answer
// no SYN; exits with its exit code.
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

const ip = (...args: string[]): unknown => execFileSync('ip', args)
ip('link', 'set', 'lo', 'up')
// A cable to a neighbour that does not exist.
ip('link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'nowhere')
ip('address', 'add', '192.0.2.1/24', 'dev', 'here')
for (const end of ['here', 'nowhere']) ip('link', 'set', end, 'up')
ip('neighbour', 'add', '192.0.2.7', 'lladdr', '02:00:00:00:00:07', 'dev', 'here', 'nud', 'permanent')
const folder = mkdtempDisposableSync(join(tmpdir(), 'black-hole-'))
const resolverFile = join(folder.path, 'resolv.conf')
// The system retries for minutes: a program that waits for it cannot end within the time of a test.
writeFileSync(resolverFile, 'nameserver 127.0.0.1\noptions timeout:30 attempts:5\n')
execFileSync('mount', ['--bind', resolverFile, '/etc/resolv.conf'])
// The mount keeps the file alive by itself.
folder.remove()
const silent = new Worker(
  `require('node:dgram').createSocket('udp4').bind(53, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage('up'))`,
  { eval: true },
)
await once(silent, 'message')
const { status } = spawnSync(process.execPath, process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'inherit'],
})
process.exit(status ?? 1)
