import { expect, test } from 'vitest'
import { automaticTags } from './automatic-tags.ts'

const about = {
  identity: {},
  userId: 'ann',
  runName: 'r',
  program: '/lab/train.ts',
  host: 'gpu1',
  clientVersion: '1.2.3',
}

test('says who, from what program and where, and leaves out what is not known', () => {
  expect(automaticTags(about)).toEqual({
    'mlflow.user': 'ann',
    'mlflow.runName': 'r',
    'mlflow.source.name': '/lab/train.ts',
    'mlflow.source.type': 'LOCAL',
    'soen.client_version': '1.2.3',
    'soen.host': 'gpu1',
  })
})

test('adds the identity and the checkout, zero included', () => {
  const identity = { project: 'p', member: 'ann', repeat: 0, seed: 7 }
  expect(automaticTags({ ...about, identity, git: { commit: 'c0ffee', branch: 'main' } })).toMatchObject({
    'soen.project': 'p',
    'soen.member': 'ann',
    'soen.repeat': '0',
    'soen.seed': '7',
    'mlflow.source.git.commit': 'c0ffee',
    'mlflow.source.git.branch': 'main',
  })
})
