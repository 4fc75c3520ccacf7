import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, inject, test } from 'vitest'
import { parseConfigText } from './config-file.ts'

const TEXTS = [
  'base: &base {a: 1, b: 2}\nlogging:\n  <<: *base\n  b: 3\n',
  'x: &x {a: 1}\ny: &y {a: 2, b: 3}\nlogging:\n  <<: [*x, *y]\n  c: 4\n',
  'model: 1\nmodel: 2\nlogging: {mlflow_active: true}\n',
  'a: [yes, no, on, off, Yes, NO, y, n, Y, N, true, False]\n',
  'a: [1e3, 1.5e3, 1.5e+3, 12e4, 0x10, 010, 1_000, 1:30, .5, "1", ~, null]\n',
  'logging:\n  mlflow_password: 0e1234\n  mlflow_active: yes\n',
  'a: "tab\\tand \\u00e9"\nb: |\n  two\n  lines\nc: >\n  one\n  line\n',
  '%YAML 1.1\n---\nlogging: {mlflow_active: on}\n',
]

test('reads a training file as Python’s trainers do', async () => {
  const script =
    'import json, sys, yaml\nprint(json.dumps([yaml.safe_load(t) for t in json.loads(sys.argv[1])]))'
  const { python } = inject('mlflow')
  const { stdout } = await promisify(execFile)(python, ['-c', script, JSON.stringify(TEXTS)])
  expect(TEXTS.map((text) => parseConfigText(text, 'train.yaml'))).toEqual(JSON.parse(stdout))
})
