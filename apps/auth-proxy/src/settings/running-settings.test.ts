import { expect, it } from 'vitest'
import { readSettings } from './read-settings.ts'
import type { ProxySettings } from './read-settings.ts'
import { RunningSettings } from './running-settings.ts'

const read = (more: object = {}): ProxySettings =>
  readSettings({
    flags: { listen: '127.0.0.1:5000', upstream: 'unix:/run/mlflow.sock', state: 'auth.sqlite', ...more },
    env: {},
  }).settings

it('takes over what can change, and names what cannot', () => {
  const running = new RunningSettings(read())
  const next = { 'allowed-host': ['mlflow.example.org'], feature: ['jobs'], listen: '127.0.0.1:6000' }
  expect(running.reload(() => read(next))).toEqual({
    changed: ['allowedHosts', 'features'],
    needRestart: ['listen'],
  })
  expect(running.inForce.listen).toEqual({ host: '127.0.0.1', port: 5000 })
  expect([...running.live.allowedHosts, ...running.live.features]).toEqual(['mlflow.example.org', 'jobs'])
  expect(running.reload(() => read())).toEqual({ changed: ['allowedHosts', 'features'], needRestart: [] })
  expect(running.live.features.size).toBe(0)
})

it('keeps everything as it was when the new settings are not good', () => {
  const running = new RunningSettings(read({ feature: ['jobs'] }))
  expect(() => running.reload(() => read({ feature: ['shell'] }))).toThrow('features cannot be "shell"')
  expect([...running.live.features]).toEqual(['jobs'])
})
