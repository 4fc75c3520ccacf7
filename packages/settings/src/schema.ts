import * as z from 'zod'
import {
  absolutePath,
  account,
  bucketUri,
  database,
  diskOrS3,
  dnsUpdate,
  domain,
  duration,
  email,
  host,
  httpUrl,
  jumpHost,
  name,
  port,
  region,
  s3OrPath,
} from './formats.ts'
import type { LocalTarget, Settings } from './settings.ts'

// This file has types and defaults; what each key means is documented once, in soen.example.yaml.

const tls = z
  .discriminatedUnion('mode', [
    z
      .strictObject({
        mode: z.literal('acme'),
        email: email.optional(),
        directory: httpUrl.optional(),
        rootFile: absolutePath.optional(),
      })
      .refine(({ directory, rootFile }) => rootFile === undefined || directory !== undefined, {
        path: ['rootFile'],
        error: '`directory` beside it: it is for that authority only',
      }),
    z.strictObject({ mode: z.literal('files'), certificateFile: absolutePath, keyFile: absolutePath }),
    z.strictObject({ mode: z.literal('internal') }),
    z.strictObject({ mode: z.literal('none') }),
  ])
  .prefault({ mode: 'acme' })

const dns = z.strictObject({ update: dnsUpdate, every: duration.default('5m') })
const door = z.enum(['anyone', 'listed']).default('anyone').meta({ title: 'anyone | listed' })
const firewall = z.strictObject({ ssh: door, web: door, openPorts: z.array(port).default([]) }).prefault({})
const backup = z.strictObject({ every: duration.default('1h'), keep: duration.default('30d'), to: s3OrPath })
const securityUpdates = z.boolean('true or false').default(true).meta({ title: 'true | false' })
const alarms = z.strictObject({ email })
const artifacts = z
  .strictObject({ uri: diskOrS3.default('disk'), endpoint: httpUrl.optional() })
  .refine((value) => value.endpoint === undefined || value.uri !== 'disk', {
    path: ['endpoint'],
    error: 'an s3:// address in `uri` beside it',
  })
  .prefault({})

const aws = z
  .strictObject({
    where: z.literal('aws'),
    aws: z.strictObject({ region, account: account.optional() }),
    domain,
    tls,
    dns: dns.optional(),
    securityUpdates,
    database: database('postgres').default('postgres'),
    artifacts: z.strictObject({ uri: bucketUri.optional() }).prefault({}),
    backup: backup.optional(),
    alarms: alarms.optional(),
    budget: z
      .strictObject({ monthlyUsd: z.number().positive('more than 0').meta({ title: 'US dollars' }) })
      .optional(),
  })
  .refine((target) => target.budget === undefined || target.alarms !== undefined, {
    path: ['budget'],
    error: '`alarms` beside it: a budget needs somebody to write to',
  })

const ssh = z.strictObject({
  where: z.literal('ssh'),
  host: z.strictObject({
    address: host,
    user: name.optional(),
    port: port.optional(),
    jump: z.array(jumpHost).default([]),
  }),
  domain,
  tls,
  dns: dns.optional(),
  firewall,
  securityUpdates,
  database: database('postgres').default('postgres'),
  artifacts,
  backup: backup.optional(),
  alarms: alarms.optional(),
})

const local = z.strictObject({
  where: z.literal('local'),
  port: port.default(5500),
  database: database('sqlite').default('sqlite'),
  artifacts,
})

/** The target that `where: local` alone stands for. */
export const localDefaults: LocalTarget = local.parse({ where: 'local' })

const targetName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'small letters, digits and dashes, a letter first')

/** The schema of a settings file, with every default. */
export const settingsSchema: z.ZodType<Settings> = z.strictObject({
  team: z
    .strictObject({ trackingUri: httpUrl.optional(), user: name.optional(), project: name.optional() })
    .prefault({}),
  targets: z
    .record(targetName, z.discriminatedUnion('where', [aws, ssh, local]))
    .refine((targets) => Object.keys(targets).length > 0, 'at least one target'),
})
