import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseTarget, exampleYaml, ignoredKeys, parseSettings } from '@soen/settings'
import type { AwsTarget } from '@soen/settings'
import { Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from './app.ts'

function givenTarget(): AwsTarget {
  const { target } = chooseTarget(parseSettings(exampleYaml), 'team')
  if (target.where !== 'aws') throw new Error('the example has no AWS target named team')
  return target
}

function temporaryOutdir(): string {
  const outdir = mkdtempSync(join(tmpdir(), 'soen-synth-'))
  onTestFinished(() => rmSync(outdir, { recursive: true }))
  return outdir
}

function whenBuilt(target: AwsTarget): Stack {
  const stack = buildApp({ name: 'team', target, outdir: temporaryOutdir() }).node.findChild('SoenData-team')
  if (!(stack instanceof Stack)) throw new Error('SoenData-team is not a stack')
  return stack
}

test('the data stack of the annotated example', () => {
  expect(Template.fromStack(whenBuilt(givenTarget())).toJSON()).toMatchSnapshot()
})

test('the stack goes where the settings say and cannot be deleted by accident', () => {
  const stack = whenBuilt(givenTarget())
  expect([stack.region, stack.account]).toEqual(['eu-central-1', '123456789012'])
  expect(stack.terminationProtection).toBe(true)
})

test('an account that needs no bootstrap: no bootstrap parameter, rule or asset', () => {
  const template = Template.fromStack(whenBuilt(givenTarget())).toJSON()
  expect(template).not.toHaveProperty('Parameters')
  expect(template).not.toHaveProperty('Rules')
})

test('without an account or a bucket name in the settings the template still stands', () => {
  const stack = whenBuilt({ ...givenTarget(), aws: { region: 'eu-west-1' }, artifacts: {} })
  const template = Template.fromStack(stack)
  template.hasResourceProperties('AWS::S3::Bucket', { BucketName: Match.absent() })
})

test('no allowed action in the whole template is a wildcard', () => {
  const policies = Object.values(
    Template.fromStack(whenBuilt(givenTarget())).findResources('AWS::IAM::ManagedPolicy'),
  )
  const actions = policies.flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.flatMap(
      (statement: { Action: string | string[] }) => statement.Action,
    ),
  )
  expect(actions.length).toBeGreaterThan(0)
  expect(actions.filter((action: string) => action.includes('*'))).toEqual([])
})

test('nothing is made of a setting that is said to be ignored', () => {
  const target = givenTarget()
  const read = new Set<string>()
  const note = (key: keyof AwsTarget): unknown => {
    read.add(`targets.NAME.${key}`)
    return target[key]
  }
  const keys: (keyof AwsTarget)[] = ['where', 'aws', 'artifacts', 'backup', 'alarms', 'budget']
  const properties = keys.map((key) => [key, { get: () => note(key) }])
  whenBuilt(Object.defineProperties({ ...target }, Object.fromEntries(properties)))
  expect(read).toContain('targets.NAME.artifacts')
  expect(ignoredKeys.filter(({ path }) => read.has(path))).toEqual([])
})

test('synth writes the template without AWS credentials', async () => {
  const outdir = temporaryOutdir()
  buildApp({ name: 'team', target: givenTarget(), outdir }).synth()
  expect(await readdir(outdir)).toContain('SoenData-team.template.json')
})
