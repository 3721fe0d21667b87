/** What applications, environments and plans may be called: AppConfig's names, which also go into paths and metrics. */
const NAME = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' } as const;
const PATTERN = { type: 'string', minLength: 1, description: 'A name; * stands for any text.' } as const;
const SENTENCE = { type: 'string', minLength: 1 } as const;
const BAKE = { type: 'integer', minimum: 0, maximum: 1440, default: 10, description: 'Minutes at 100 % in which an alarm still rolls back.' } as const;
const MINUTES = { type: 'integer', minimum: 0, maximum: 1440, description: 'How long the exposure grows.' } as const;
const PERCENT = { type: 'number', exclusiveMinimum: 0, maximum: 100 } as const;

/**
 * The JSON Schema of `sluice.yaml`, draft-07 because that is what editors read best. schemas/sluice.schema.json is written from
 * it, and a test keeps them equal.
 */
export const PROJECT_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'sluice.yaml',
  description: 'A Sluice project: its applications, where they are rolled out, how, and who answers for them.',
  ...record({
    sluice: { const: 1, description: 'The version of this format.' },
    applications: { description: 'By AppConfig\'s name; the documents of each are in config/<application>.', type: 'object', minProperties: 1, propertyNames: NAME, additionalProperties: { $ref: '#/definitions/application' } },
    plans: { description: 'Plans by name, beside all-at-once, canary and linear.', type: 'object', propertyNames: NAME, additionalProperties: { $ref: '#/definitions/plan' } },
    secrets: { $ref: '#/definitions/secrets' },
  }, ['sluice', 'applications']),
  definitions: {
    application: record({
      environments: { description: 'By AppConfig\'s name; overlays are in config/<application>/<environment>.', type: 'object', minProperties: 1, propertyNames: NAME, additionalProperties: { $ref: '#/definitions/environment' } },
      owners: { description: 'Who owns which documents. The last entry that fits counts.', type: 'array', items: { $ref: '#/definitions/ownership' } },
      people: { description: 'Who owners are to IAM, where approved: patterns of aws:userid by owner, such as AROA...:ada@example.org. By default the owner\'s name, alone or as the name of a session.', type: 'object', additionalProperties: { type: 'array', items: SENTENCE, minItems: 1, uniqueItems: true } },
      schemas: { description: 'Documents that share a schema. The last entry that fits counts; a document of no entry has <document>.schema.json.', type: 'array', items: { $ref: '#/definitions/sharedSchema' } },
      invariants: { description: 'What must be true of all documents together.', type: 'array', items: { $ref: '#/definitions/invariant' } },
    }, ['environments']),
    environment: record({
      plan: { description: 'How exposure grows: a name, or a plan.', default: 'canary', oneOf: [{ type: 'string' }, { $ref: '#/definitions/plan' }] },
      profile: { ...NAME, description: 'AppConfig\'s name of the profile. By default <application>-<environment>, as the constructs name it.', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,127}$' },
      wave: { type: 'integer', minimum: 1, description: 'A wave begins when the one before is complete. By default one environment after the other, as they are written.' },
      guards: { type: 'array', items: SENTENCE, uniqueItems: true, description: 'CloudWatch alarms that must be OK when a release begins, beside the environment\'s own.' },
      region: { type: 'string', pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]+$', description: 'The AWS region. By default that of the AWS SDK.' },
      heal: { type: 'array', items: { enum: ['queued', 'edited', 'missing'] }, uniqueItems: true, default: [], description: 'Which drift `sluice drift --heal` may release over. Never a rollout in flight, nor what was taken back.' },
      approved: { type: 'boolean', default: false, description: 'Let the gate start only what the owners approved, by sluice approve, each as somebody of their own in IAM.' },
      signed: { type: 'boolean', default: false, description: 'Release only commits whose signature git verifies.' },
    }, []),
    ownership: record({
      documents: PATTERN,
      owners: { type: 'array', items: SENTENCE, minItems: 1, uniqueItems: true, description: 'People or teams, as your forge names them.' },
      approvals: { type: 'integer', minimum: 0, maximum: 100, default: 1, description: 'How many of the owners must approve a change.' },
    }, ['documents', 'owners']),
    sharedSchema: record({ documents: PATTERN, schema: { ...NAME, description: 'The name of <schema>.schema.json.' } }, ['documents', 'schema']),
    invariant: record({
      name: NAME,
      rule: { ...SENTENCE, maxLength: 10_000, description: 'CEL that is true when all is well. It sees documents, live (the documents that are live, or null), application and environment.' },
      message: { ...SENTENCE, description: 'What a person reads when it is false.' },
      environments: { type: 'array', items: NAME, minItems: 1, uniqueItems: true, description: 'Where it holds. By default everywhere.' },
    }, ['name', 'rule', 'message']),
    plan: {
      oneOf: [
        plan('all-at-once', {}),
        plan('canary', { percent: { ...PERCENT, description: 'The first exposure, which then doubles.' }, minutes: MINUTES }),
        plan('linear', { stepPercent: { ...PERCENT, description: 'What each step adds.' }, minutes: MINUTES }),
        plan('steps', { steps: { type: 'array', minItems: 1, items: record({ percent: PERCENT, minutes: { type: 'integer', minimum: 1, maximum: 1440 } }, ['percent', 'minutes']) } }),
      ],
    },
    secrets: record({
      allow: { description: 'Values that look like secrets and are none.', type: 'array', items: { $ref: '#/definitions/allowedValue' } },
    }, []),
    allowedValue: record({
      document: { type: 'string', pattern: '^[A-Za-z*][A-Za-z0-9_*-]*/[A-Za-z*][A-Za-z0-9_*-]*$', description: '<application>/<document>; * stands for any text.' },
      path: { type: 'string', pattern: '^\\$', description: 'Where it stands, as Sluice prints it.' },
      reason: { ...SENTENCE, minLength: 8, description: 'Why it may stay.' },
    }, ['document', 'path', 'reason']),
  },
};

function record(properties: Readonly<Record<string, unknown>>, required: readonly string[]): Record<string, unknown> {
  return { type: 'object', additionalProperties: false, ...(required.length === 0 ? {} : { required }), properties };
}

function plan(kind: string, properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return record({ kind: { const: kind }, ...properties, bakeMinutes: BAKE }, ['kind', ...Object.keys(properties)]);
}
