import { spawn } from 'node:child_process'

/** Waits until our end closes its stdin, however we end, and kills the given process group. */
const watchdogScript = 'read -r _; kill -s KILL -- "-$1" 2>/dev/null'

/** Runs a tool to its end, or ours if that comes first; returns its exit code and output. */
export function runTool(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    // In process groups of their own, so that Ctrl-C ends neither before us.
    const watchdog = spawn('sh', ['-c', watchdogScript, 'watchdog', String(child.pid)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    }).once('error', () => {})
    const end = (result) => {
      watchdog.kill('SIGKILL')
      resolve(result)
    }
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    child.once('error', (error) => end({ code: 127, output: `${output}${error.message}` }))
    child.once('close', (code) => end({ code: code ?? 1, output }))
  })
}

/** Runs the wanted command on our terminal and returns its exit code. */
export function runInPlace(command, args, env) {
  const child = spawn(command, args, { env, stdio: 'inherit' })
  // The terminal sends Ctrl-C to the command directly: we only stay until it has ended.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}
