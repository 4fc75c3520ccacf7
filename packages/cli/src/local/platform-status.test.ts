import { expect, test } from 'vitest'
import { screen } from './platform-status.ts'

test('fits one screen and says what a person asks first', () => {
  const status = {
    state: 'degraded',
    url: 'http://127.0.0.1:5500',
    pid: 1,
    startedAt: 0,
    database: '/home/ada/.soen/data/mlflow.db',
    artifacts: 's3://team/runs',
    programs: [],
  } as const
  const lines = screen(
    '/home/ada/.soen',
    status,
    [
      { name: 'MLflow', state: 'restarting', pid: null, restarts: 2, memory: undefined },
      {
        name: 'the front door',
        state: 'healthy',
        pid: 7,
        restarts: 0,
        memory: { pssBytes: 81e6, processes: 1 },
      },
    ],
    5_400_000,
  )
  expect(lines).toEqual([
    'State           degraded, up 1 h 30 min',
    'Server          http://127.0.0.1:5500',
    'MLflow          restarting, restarted 2 times',
    'the front door  healthy, pid 7, 81 MB in 1 process',
    'Database        /home/ada/.soen/data/mlflow.db',
    'Artifacts       s3://team/runs',
    'Home            /home/ada/.soen',
  ])
})
