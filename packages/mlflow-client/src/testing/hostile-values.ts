import * as fc from 'fast-check'

/** Creates a value: some throw when anything but the code under test touches them. */
export type Hand = () => unknown

/** Anything that plain JavaScript can pass: values nested in others, and values that throw when touched. */
export function anythingHostile(): fc.Arbitrary<Hand> {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  })
  const last = hostileValues().length - 1
  return fc.oneof(
    anything.map(
      (value): Hand =>
        () =>
          value,
    ),
    fc.nat(last).map(
      (index): Hand =>
        () =>
          hostileValues()[index],
    ),
  )
}

/** Values that throw when touched, that never end, or that are useless. */
export function hostileValues(): unknown[] {
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const circle: Record<string, unknown> = { a: 1 }
  circle['self'] = circle
  return [
    undefined,
    null,
    Number.NaN,
    10n,
    Symbol('s'),
    () => 1,
    '\uD800 half a letter, and \0',
    new URL('https://example.org'),
    new Map<unknown, unknown>([[{}, 1]]),
    new Error('an error'),
    /regular/,
    Promise.resolve(1),
    circle,
    nested(10_000),
    sharing(60),
    revoked.proxy,
    Object.create(null),
    throwing(),
    {
      get lr(): number {
        throw new Error('no lr')
      },
      get step(): number {
        throw new Error('no step')
      },
    },
    {
      toString: () => throwing(),
      toJSON: () => {
        throw new Error('no JSON')
      },
    },
  ]
}

function nested(levels: number): object {
  let value: object = { leaf: 1 }
  for (let level = 0; level < levels; level += 1) value = { inner: value }
  return value
}

/** A structure of so many objects that unfolds to two to the power of `levels` leaves. */
function sharing(levels: number): object {
  let value: object = { leaf: 1 }
  for (let level = 0; level < levels; level += 1) value = { left: value, right: value }
  return value
}

function throwing(): unknown {
  return new Proxy(
    {},
    { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail },
  )
}

function fail(): never {
  throw new Error('do not look at me')
}
