import { all, camel, each, entries, length, oneOf, pattern, range, size, type Check } from '../appconfig/constraint.ts';
import { validationFault } from '../wire/violation.ts';

const QUALIFIER = all(length(1, 128), pattern('(|[a-zA-Z0-9$_-]+)'));

/** The constraints of Lambda's model on members of requests, by name; what is not here is free. */
const CHECKS: Readonly<Record<string, Check>> = {
  FunctionName: all(length(1, 170), pattern('(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?')),
  Qualifier: QUALIFIER,
  Runtime: pattern('[a-z]+[0-9a-z.]*'),
  Handler: all(length(0, 128), pattern('[^\\s]+')),
  Role: pattern('arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+'),
  Description: length(0, 256),
  Timeout: range(1, 900),
  MemorySize: range(128, 10_240),
  Layers: each(pattern('arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+')),
  Architectures: all(size(1, 1), each(oneOf('x86_64', 'arm64'))),
  PackageType: oneOf('Zip', 'Image'),
  Tags: entries(length(1, 128), length(0, 256)),
  InvocationType: oneOf('Event', 'RequestResponse', 'DryRun'),
  LogType: oneOf('None', 'Tail'),
  FunctionVersion: all(length(1, 1024), pattern('(\\$LATEST|[0-9]+)')),
  MaxItems: range(1, 10_000),
  ReservedConcurrentExecutions: range(0, Number.MAX_SAFE_INTEGER),
  MaximumRetryAttempts: range(0, 2),
  MaximumEventAgeInSeconds: range(60, 21_600),
  StatementId: all(length(1, 100), pattern('([a-zA-Z0-9-_]+)')),
  Action: pattern('(lambda:[*]|lambda:[a-zA-Z]+|[*])'),
  Principal: pattern('[^\\s]+'),
  SourceAccount: all(length(0, 12), pattern('\\d{12}')),
};

/** An alias's name must not be taken for a version. */
const ALIAS_NAME: Check = all(length(1, 128), pattern('(?!^[0-9]+$)([a-zA-Z0-9-_]+)'));

/** Members whose constraints are on a member of theirs. */
const NESTED: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  Environment: { Variables: entries(pattern('[a-zA-Z]([a-zA-Z0-9_])+'), () => []) },
  EphemeralStorage: { Size: range(512, 10_240) },
  TracingConfig: { Mode: oneOf('Active', 'PassThrough') },
  LoggingConfig: { LogFormat: oneOf('JSON', 'Text'), LogGroup: all(length(1, 512), pattern('[\\.\\-_/#A-Za-z0-9]+')) },
};

/** Refuses input that breaks the constraints of Lambda's model, with all that are broken. */
export function requireLimits(operation: string, input: Readonly<Record<string, unknown>>): void {
  const broken = Object.entries(input).flatMap(([name, value]) => {
    if (name === 'Name' && operation.endsWith('Alias')) return ALIAS_NAME(value, 'name');
    const nested = NESTED[name];
    if (nested) return Object.entries(value as object).flatMap(([inner, own]) => nested[inner]?.(own, `${camel(name)}.${camel(inner)}`) ?? []);
    return CHECKS[name]?.(value, camel(name)) ?? [];
  });
  if (broken.length > 0) throw validationFault('lambda', broken);
}
