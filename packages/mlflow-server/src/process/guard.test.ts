import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startGuarded } from './guard.ts'

const env = { PATH: process.env['PATH'] ?? '' }
const shell = (script: string) => ({ command: 'sh', args: ['-c', script], env })

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function waitUntilGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && isAlive(pid); i++) await sleep(50)
  return !isAlive(pid)
}

test('reports output and exit code', async () => {
  const program = await startGuarded(shell('echo hello; exit 3'))
  expect(await text(program.stdout)).toBe('hello\n')
  expect(await program.exited).toEqual({ code: 3, signal: null })
})

test('gives the program only the environment of its plan', async () => {
  const program = await startGuarded({ ...shell('env | cut -d= -f1 | sort'), env: { ...env, ONLY: '1' } })
  const names = (await text(program.stdout)).split('\n')
  expect(names).toContain('ONLY')
  expect(names).not.toContain('HOME')
})

test('stops the program and what it started', async () => {
  const program = await startGuarded(shell('sleep 300 & echo $!; wait'))
  const [chunk] = (await once(program.stdout, 'data')) as [Buffer]
  expect(await program.stop()).toEqual({ code: null, signal: 'SIGTERM' })
  expect(await waitUntilGone(Number(chunk.toString()))).toBe(true)
})

test('kills a program that ignores the stop signal', async () => {
  const program = await startGuarded({ ...shell("trap '' TERM; echo ready; sleep 300"), graceMs: 200 })
  await once(program.stdout, 'data')
  expect(await program.stop()).toEqual({ code: null, signal: 'SIGKILL' })
})

test('rejects with the reason when there is no such program', async () => {
  await expect(startGuarded({ command: '/no/such/program', args: [], env })).rejects.toThrow('ENOENT')
})

test('ends the program when the process that started it is killed', async () => {
  const guard = new URL('guard.ts', import.meta.url).href
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startGuarded } = await import(${JSON.stringify(guard)})
       const program = await startGuarded({ command: 'sleep', args: ['300'], env: process.env })
       console.log(program.pid)
       setInterval(() => {}, 1000)`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(chunk.toString())
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  expect(await waitUntilGone(pid)).toBe(true)
})
