import * as z from 'zod'
import type { ApiRoute } from './api-route.ts'
import { apiRoutes } from './routes.ts'

type Json = Readonly<Record<string, unknown>>

// The body that `errorBody` makes.
const failure = z.strictObject({
  error_code: z.string(),
  message: z.string(),
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string(), docs: z.string() }),
})

/** The API as an OpenAPI 3.1 document, generated from its routes. */
export function openApiDocument(): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of apiRoutes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'SOEN front door',
      version: '1',
      description:
        'Accounts, API tokens and browser sessions. Browsers also send X-Soen-Csrf with every change; programs show a password or a token instead of a cookie.',
    },
    components: {
      securitySchemes: {
        password: { type: 'http', scheme: 'basic' },
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-soen' },
      },
      schemas: { Error: schemaOf(failure) },
    },
    security: [{ password: [] }, { token: [] }, { session: [] }],
    paths,
  }
}

function operation({ path, summary, access, query = {}, input, output }: ApiRoute): Json {
  const inPath = [...path.matchAll(/\{(?<name>\w+)\}/g)].map(({ groups }) => groups?.['name'])
  const parameters = [
    ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(query).map(([name, description]) => inQuery(name, description)),
  ]
  const refused = content({ $ref: '#/components/schemas/Error' })
  return {
    summary,
    ...(access === 'admin' ? { description: 'Admins only.' } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(input === undefined ? {} : { requestBody: { required: true, ...content(schemaOf(input)) } }),
    responses: {
      ...(output === undefined
        ? { 204: { description: 'Done.' } }
        : { 200: { description: 'Done.', ...content(schemaOf(output)) } }),
      '4XX': { description: 'Refused, with the reason.', ...refused },
    },
  }
}

function inQuery(name: string, description: string): Json {
  return { name, in: 'query', description, schema: { type: 'string' } }
}

function content(schema: Json): Json {
  return { content: { 'application/json': { schema } } }
}

function schemaOf(type: z.ZodType): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(type, { io: 'input' })
  return schema
}
