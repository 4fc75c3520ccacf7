import { expect, test } from 'vitest'
import { commandLine, jobTags } from './job-tags.ts'

test.each([
  [['python', 'train.py', '--lr', '0.1'], 'python train.py --lr 0.1'],
  [['python', '-c', "print('a b')"], String.raw`python -c 'print('\''a b'\'')'`],
  [['train', '--password', 'hunter2', '--epochs', '3'], 'train --password *** --epochs 3'],
  [['train', '--api-key=hunter2', 'HF_TOKEN=hunter2'], 'train --api-key=*** HF_TOKEN=***'],
  [['train', '--token', '--verbose'], 'train --token --verbose'],
  [['train', 'https://ann:hunter2@example.org/data'], 'train https://ann:***@example.org/data'],
  [['tokenize', '--tokenizer=bpe'], 'tokenize --tokenizer=bpe'],
])('%j is noted as %s', (command, line) => {
  expect(commandLine(command)).toBe(line)
})

test('a job is named as its scheduler names it', () => {
  expect(jobTags(['true'], { SLURM_JOB_ID: '17', SLURM_ARRAY_TASK_ID: '3', PBS_JOBID: '' })).toMatchObject({
    'soen.slurm.job_id': '17',
    'soen.slurm.array_task_id': '3',
  })
})
