import { expect, test } from 'vitest'
import { systemdUnit } from './systemd-unit.ts'

test('writes the sections in their order, a line for each entry of a list', () => {
  expect(
    systemdUnit({
      Unit: { Description: 'Demo', After: [['a.target', 'b.target']] },
      Service: { Type: 'exec', PrivateTmp: true, TimeoutStopSec: 20, MemoryMax: undefined, Environment: [] },
      Path: { PathChanged: ['/etc/a.pem', '/etc/a.key'] },
    }),
  ).toBe(
    `[Unit]
Description=Demo
After=a.target b.target

[Service]
Type=exec
PrivateTmp=yes
TimeoutStopSec=20

[Path]
PathChanged=/etc/a.pem
PathChanged=/etc/a.key
`,
  )
})

test.each([
  ['ExecStart', '/bin/a', '/bin/a'],
  ['ExecStart', 'two words', '"two words"'],
  ['ExecStart', 'a"b\\c', '"a\\"b\\\\c"'],
  ['ExecStart', '50%', '50%%'],
  ['ExecStart', '$HOME', '"$$HOME"'],
  ['ExecStart', 'one\nExecStart=/bin/two', '"one\\nExecStart=/bin/two"'],
  ['Environment', 'PRICE=$5', '"PRICE=$5"'],
])('has systemd take a word of %s as it is: %j', (key, word, written) => {
  expect(systemdUnit({ Service: { [key]: [[word]] } })).toBe(`[Service]\n${key}=${written}\n`)
})

test('keeps a plain value from being more than one directive, or a specifier', () => {
  expect(systemdUnit({ Path: { PathChanged: '/etc/100%.pem' } })).toContain('=/etc/100%%.pem\n')
  expect(() => systemdUnit({ Path: { PathChanged: '/etc/a\nUnit=other.service' } })).toThrow('PathChanged')
})
