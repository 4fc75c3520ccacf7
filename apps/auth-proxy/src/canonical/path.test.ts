import { describe, expect, it } from 'vitest'
import { canonicalTarget } from './path.ts'

const artifacts = '/api/2.0/mlflow-artifacts/artifacts'

describe('canonicalTarget', () => {
  it.each([
    ['/', '/', '/', ''],
    ['/?x=1', '/', '/', 'x=1'],
    ['/api/2.0/mlflow/runs/get?run_id=1', '/api/2.0/mlflow/runs/get', '/api/2.0/mlflow/runs/get', 'run_id=1'],
    ['/%61pi/2.0/x', '/api/2.0/x', '/api/2.0/x', ''],
    ['/ajax-api/3.0/jobs/', '/ajax-api/3.0/jobs/', '/ajax-api/3.0/jobs/', ''],
    ['/api/tags/a%20b', '/api/tags/a b', '/api/tags/a%20b', ''],
    [artifacts, artifacts, artifacts, ''],
    [`${artifacts}?path=1%2Fr`, artifacts, artifacts, 'path=1%2Fr'],
  ])('reads %s once, and sends that reading on', (raw, path, forwardedPath, rawQuery) => {
    expect(canonicalTarget(raw)).toEqual({ path, forwardedPath, rawQuery })
  })

  it.each(['artifacts', 'presigned', 'mpu/create', 'mpu/complete', 'mpu/abort'])(
    'lets artifact names below %s carry nearly any character',
    (route) => {
      const head = `/ajax-api/2.0/mlflow-artifacts/${route}`
      expect(canonicalTarget(`${head}/1/r/artifacts/a%20%C3%BC%23%3F%25.txt`)).toEqual({
        path: `${head}/1/r/artifacts/a ü#?%.txt`,
        forwardedPath: `${head}/1/r/artifacts/a%20%C3%BC%23%3F%25.txt`,
        rawQuery: '',
      })
    },
  )

  it('shows rules the experiment that MLflow would act on, however it was written', () => {
    const prefix = '/%61pi/2.0/mlflow-%61rtifacts/artifacts'
    const spellings = ['%2532/r/f', '2//r/./f', './2/r/f', '2%2Fr%2Ff', '%092/r/f']
    for (const raw of [...spellings.map((name) => `${artifacts}/${name}`), `${prefix}/%32/r/f`]) {
      const path = `${artifacts}/2/r/f`
      expect(canonicalTarget(raw)).toMatchObject({ path, forwardedPath: path })
    }
  })

  it('reads its own spelling as the same thing again', () => {
    const odd = ['a b', 'ü#?%', 'a;b', 'a\\b', 'a\tb', "q'(1)!~,@&=$+", '100%25', '%41', '密码']
    for (const name of odd) {
      const once = canonicalTarget(`${artifacts}/1/r/artifacts/${encodeURIComponent(name)}`)
      expect(canonicalTarget(once.forwardedPath)).toEqual(once)
    }
  })

  it.each([
    ['a blank before all of it', '%2060/r/f'],
    ['a blank before all of it, encoded twice', '%252060/r/f'],
    ['a question mark after all of it', '60/r/f%3F'],
    ['a number sign after all of it', '60/r/f%23'],
  ])('refuses %s, which MLflow would take away', (_what, name) => {
    expect(() => canonicalTarget(`${artifacts}/${name}`)).toThrow('more than one way')
  })

  it('sees one file with and without a closing slash, as MLflow does', () => {
    expect(canonicalTarget(`${artifacts}/60/r/f/`)).toEqual(canonicalTarget(`${artifacts}/60/r/f`))
  })

  it('refuses names that no disk takes, before MLflow fails on them', () => {
    expect(() => canonicalTarget(`${artifacts}/60/r/${'a'.repeat(255)}`)).not.toThrow()
    const tooLong = expect.objectContaining({ code: 'SOEN_NAME_TOO_LONG' })
    expect(() => canonicalTarget(`${artifacts}/60/r/${'a'.repeat(256)}`)).toThrow(tooLong)
    expect(() => canonicalTarget(`${artifacts}/60/r/${encodeURIComponent('ü').repeat(128)}`)).toThrow(tooLong)
  })

  it('takes the odd characters of artifact names nowhere else', () => {
    expect(() => canonicalTarget('/api/2.0/mlflow/logged-models/a%23b')).toThrow('more than one way')
    expect(() => canonicalTarget('/api/3.0/mlflow-artifacts/artifacts/a%23b')).toThrow('more than one way')
  })

  it.each([
    '//api/2.0/x',
    '/api//2.0/x',
    '/api/2.0//',
    '/api/../x',
    '/api/./x',
    '/api/%2e%2e/x',
    '/api%2F2.0/x',
    '/api\\2.0',
    '/api/2.0/x;y',
    '/api/x#fragment',
    '/api/x%00',
    '/api/\u00fc',
    '/api/a b',
    '/api/a\u0001',
    `${artifacts}/1/..%2f..`,
    `${artifacts}/.`,
    `${artifacts}/%252E%252E%252Fetc`,
    `${artifacts}/1/../2/f`,
    `${artifacts}//etc/passwd`,
    '/api/x?a=1#b',
    'http://evil.example/api',
    '*',
    '',
  ])('stops a path that two programs could read differently: %s', (raw) => {
    expect(() => canonicalTarget(raw)).toThrow(expect.objectContaining({ code: 'SOEN_PATH_NOT_CANONICAL' }))
  })
})
