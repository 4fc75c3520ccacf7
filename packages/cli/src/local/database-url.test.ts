import { expect, test } from 'vitest'
import { passwordOf, withoutPassword } from './database-url.ts'

test.each([
  'postgresql://ada:s3c@ret@db/mlflow',
  'postgresql://ada:s3c/ret@db/mlflow',
  'postgresql://ada:12/34s3c@db/mlflow',
  'postgresql://ada:s3c?ret@db/mlflow',
  'postgresql://ada:12?s3c@db/mlflow',
  'postgresql://ada:s3c#ret@db/mlflow',
  'postgresql://ada:12#s3c@db/mlflow',
  'postgresql://ada:s3c%ret@db/mlflow',
  'postgres//ada:s3c/ret',
  'mysql://ada:s3c@ret@db/mlflow',
])('says of %s how to write it, and shows no piece of it', (url) => {
  const refused = expect.objectContaining({
    code: 'SOEN_BAD_DATABASE_URL',
    message: expect.not.stringMatching(/s3c|ret|34/),
    hint: expect.stringContaining('@ is %40'),
  })
  expect(() => passwordOf(url)).toThrow(refused)
})

test.each([
  ['postgresql://ada:a%40b%2Fc@db/mlflow', 'a%40b%2Fc', 'postgresql://ada@db/mlflow'],
  ['postgresql://ada:x:y@[::1]:5433/mlflow', 'x:y', 'postgresql://ada@[::1]:5433/mlflow'],
  ['postgresql://ada@one:5432,two:5433/mlflow?user=b@c', '', undefined],
  ['postgresql:///mlflow?host=/run/postgresql', '', undefined],
])('reads %s', (url, password, shown) => {
  expect(passwordOf(url)).toBe(password)
  expect(withoutPassword(url)).toBe(shown ?? url)
})
