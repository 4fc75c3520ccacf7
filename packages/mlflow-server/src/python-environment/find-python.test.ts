import { expect, test } from 'vitest'
import { findPython } from './find-python.ts'

const answers = (pythons: Record<string, string>) => (command: string) => {
  const stdout = pythons[command]
  return Promise.resolve(
    stdout === undefined ? { code: 127, stdout: '', stderr: '' } : { code: 0, stdout, stderr: '' },
  )
}

test('takes the first that is new enough', async () => {
  const ask = answers({ python3: '3.9.2 cpython-39', 'python3.12': '3.12.4 cpython-312' })
  expect(await findPython({ ask })).toEqual({ command: 'python3.12', version: '3.12.4', tag: 'cpython-312' })
})

test('asks only the chosen one', async () => {
  const ask = answers({ python3: '3.12.4 cpython-312' })
  await expect(findPython({ ask, chosen: '/opt/py' })).rejects.toMatchObject({
    code: 'SOEN_PYTHON_MISSING',
    message: expect.stringContaining('/opt/py'),
  })
})

test('names what is too old', async () => {
  await expect(findPython({ ask: answers({ python3: '3.9.2 cpython-39' }) })).rejects.toMatchObject({
    code: 'SOEN_PYTHON_TOO_OLD',
    message: expect.stringContaining('python3 is 3.9.2'),
  })
})

test('says what to install where there is none', async () => {
  await expect(findPython({ ask: answers({}) })).rejects.toMatchObject({
    code: 'SOEN_PYTHON_MISSING',
    hint: expect.stringContaining('apt-get install python3'),
  })
})

test('finds the Python of this machine', async () => {
  expect(await findPython()).toMatchObject({ version: expect.stringMatching(/^3\.\d+\.\d+$/) })
})
