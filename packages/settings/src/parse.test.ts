import { describe, expect, test } from 'vitest'
import { SettingsError } from './errors.ts'
import { exampleYaml } from './example.ts'
import { parseSettings } from './parse.ts'

function problemsOf(text: string): readonly { code: string; message: string; hint: string }[] {
  try {
    parseSettings(text)
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

function server(rest: string): string {
  return `targets: { t: { where: ssh, host: { address: lab }, domain: ml.example.org, ${rest} } }`
}

describe('good files', () => {
  test('reads every target of the annotated example', () => {
    const { targets } = parseSettings(exampleYaml)
    expect(Object.entries(targets).map(([name, { where }]) => [name, where])).toEqual([
      ['team', 'aws'],
      ['lab-vps', 'ssh'],
      ['dev', 'local'],
    ])
  })

  test('fills in the defaults of a laptop', () => {
    expect(parseSettings('targets: { dev: { where: local } }')).toEqual({
      team: {},
      targets: { dev: { where: 'local', port: 5500, database: 'sqlite', artifacts: { uri: 'disk' } } },
    })
  })

  test('fills in the defaults of a server', () => {
    const text = 'targets: { lab: { where: ssh, host: { address: lab }, domain: ml.example.org } }'
    expect(parseSettings(text).targets['lab']).toEqual({
      where: 'ssh',
      host: { address: 'lab', jump: [] },
      domain: 'ml.example.org',
      tls: { mode: 'acme' },
      firewall: { ssh: 'anyone', web: 'anyone', openPorts: [] },
      securityUpdates: true,
      database: 'postgres',
      artifacts: { uri: 'disk' },
    })
  })
})

describe('keys', () => {
  test('a mistyped key is refused at its line and column, with the key that was meant', () => {
    expect(problemsOf('targets:\n  dev:\n    where: local\n    prot: 80\n')).toEqual([
      {
        code: 'SOEN_SETTINGS_UNKNOWN_KEY',
        message: 'soen.yaml:4:5: `targets.dev.prot` is not a key of the settings',
        hint: 'Did you mean `port`?',
        line: 4,
        column: 5,
      },
    ])
  })

  test('a key like no other is answered with the keys that there are', () => {
    const [problem] = problemsOf('targets: { dev: { where: local } }\nteam: { wallpaper: blue }')
    expect(problem?.hint).toBe('Keys of this group: trackingUri, user, project.')
  })

  test('a key of another kind of target is told apart from a mistyped one', () => {
    const [problem] = problemsOf('targets: { dev: { where: local, budget: { monthlyUsd: 5 } } }')
    expect(problem?.hint).toBe('It belongs to targets with `where: aws`.')
  })

  test('a missing key is reported at the group that lacks it', () => {
    const [problem] = problemsOf('targets:\n  lab:\n    where: ssh\n    host: { address: lab }\n')
    expect(problem?.message).toBe(
      'soen.yaml:2:3: `targets.lab.domain` is missing: expected a name such as mlflow.example.org',
    )
  })
})

describe('values', () => {
  test.each([
    [
      'tls: { mode: acmee }',
      'expected acme or files or internal or none, found "acmee"',
      'Did you mean `acme`?',
    ],
    [
      'tls: { mode: files, keyFile: /k }',
      '`targets.t.tls.certificateFile` is missing: expected an absolute path',
      '',
    ],
    ['tls: { mode: acme, rootFile: /r.pem }', '`targets.t.tls.rootFile`: expected `directory` beside it', ''],
    ['dns: { update: https://dns.example.org }', 'expected duckdns or a URL with {domain} in it', ''],
    ['firewall: { ssh: listet }', 'expected anyone or listed, found "listet"', 'Did you mean `listed`?'],
    ['database: sqlite', 'expected postgres or a URL that begins with postgresql+psycopg2://', ''],
    [
      'database: postgresql://db/mlflow',
      'expected postgres or a URL that begins with postgresql+psycopg2://',
      '',
    ],
    [
      'backup: { to: backups }',
      'expected s3://BUCKET, s3://BUCKET/FOLDER or an absolute path, found "backups"',
      '',
    ],
    ['backup: { to: /b, every: 1 hour }', 'expected a time such as 30m, 1h, 14d or 2w, found "1 hour"', ''],
    ['artifacts: { endpoint: "http://s3" }', '`targets.t.artifacts.endpoint`: expected an s3:// address', ''],
    ['alarms: [me]', '`targets.t.alarms`: expected a group of keys', ''],
    ['alarms: { email: 7 }', 'expected an address such as admin@example.org, found 7', ''],
  ])('refuses %s', (rest, message, hint) => {
    const problems = problemsOf(server(rest))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(message)
    expect(problems[0]?.hint).toContain(hint)
  })

  test.each(['-oProxyCommand=evil', 'a b', 'me@lab'])(
    'refuses %s as a host, which ssh would not read as one',
    (address) => {
      const problems = problemsOf(
        `targets: { t: { where: ssh, host: { address: "${address}" }, domain: ml.example.org } }`,
      )
      expect(problems.map(({ code }) => code)).toEqual(['SOEN_SETTINGS_INVALID'])
    },
  )

  test('an account number without quotes is asked for in quotes', () => {
    const text =
      'targets: { t: { where: aws, aws: { region: eu-central-1, account: 123456789012 }, domain: ml.example.org } }'
    expect(problemsOf(text)[0]?.message).toContain('expected twelve digits in quotes, found 123456789012')
  })

  test('a budget asks for somebody to write to', () => {
    const text =
      'targets: { t: { where: aws, aws: { region: eu-central-1 }, domain: ml.example.org, budget: { monthlyUsd: 9 } } }'
    expect(problemsOf(text)[0]?.message).toContain('expected `alarms` beside it')
  })

  test('a port outside of TCP is refused', () => {
    expect(problemsOf('targets: { t: { where: local, port: 70000 } }')[0]?.message).toContain(
      'expected 1 to 65535',
    )
  })

  test('a target name that a shell could stumble over is refused at the name', () => {
    expect(problemsOf('targets:\n  My Lab: { where: local }')[0]).toMatchObject({ line: 2, column: 3 })
  })

  test('every problem is reported at once, and the message counts them', () => {
    expect(() => parseSettings('targets: { t: { where: local, port: 0, databse: sqlite } }')).toThrow(
      '(and 1 more)',
    )
  })

  test.each(['', '[]', 'targets: {}'])('a file without a target (%j) is refused', (text) => {
    expect(problemsOf(text).map(({ code }) => code)).toContain('SOEN_SETTINGS_INVALID')
  })
})

describe('YAML', () => {
  test('broken YAML is reported where it breaks', () => {
    expect(problemsOf('targets:\n  dev: [\n')[0]).toMatchObject({ code: 'SOEN_SETTINGS_SYNTAX', line: 3 })
  })

  test('an alias that leads nowhere is broken YAML', () => {
    expect(problemsOf('targets: *nowhere')[0]?.code).toBe('SOEN_SETTINGS_SYNTAX')
  })

  test('a key given twice is broken YAML, so that neither value is silently lost', () => {
    expect(problemsOf('team: {}\nteam: {}')[0]).toMatchObject({ code: 'SOEN_SETTINGS_SYNTAX', line: 2 })
  })

  test('the name of the file stands in front of the place', () => {
    expect(() => parseSettings('', { file: 'lab.yaml' })).toThrow('lab.yaml:1:1: ')
  })
})
