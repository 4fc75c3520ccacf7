import { expect, test } from 'vitest'
import { redact } from './redact.ts'

test.each([
  ['postgresql+psycopg2://mlflow:s3cret@db/mlflow', 'postgresql+psycopg2://mlflow:[removed]@db/mlflow'],
  ['PGPASSWORD=s3cret psql', 'PGPASSWORD=[removed] psql'],
  ['MLFLOW_TRACKING_PASSWORD="s3cret words"', 'MLFLOW_TRACKING_PASSWORD=[removed]'],
  ['{"password": "s3cret", "user": "ada"}', '{"password": [removed], "user": "ada"}'],
  ['aws_secret_access_key = s3cret/+', 'aws_secret_access_key = [removed]'],
  ['Authorization: Bearer s3cret.token.value', 'Authorization: Bearer [removed]'],
  ['Authorization: Basic YWRhOnMzY3JldA==', 'Authorization: Basic [removed]'],
  [
    'https://www.duckdns.org/update?domains=lab&token=s3cret&ip=',
    'https://www.duckdns.org/update?domains=lab&token=[removed]&ip=',
  ],
  ['key AKIAIOSFODNN7EXAMPLE used', 'key [removed] used'],
])('takes the secret out of «%s»', (text, expected) => {
  expect(redact(text)).toBe(expected)
})

test('leaves everything else as it was', () => {
  const text = 'GET /api/2.0/mlflow/runs/get?run_id=1 200 12 ms, user ada, token expires in 3 days\n'
  expect(redact(text)).toBe(text)
})
