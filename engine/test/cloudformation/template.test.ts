import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluated, type Scope } from '../../lib/cloudformation/template/evaluation.ts';
import { ordered } from '../../lib/cloudformation/template/order.ts';
import { templateOf } from '../../lib/cloudformation/template/document.ts';
import { parameterValues } from '../../lib/cloudformation/template/parameters.ts';
import { planOf, type Plan } from '../../lib/cloudformation/template/plan.ts';

const PLACE = { account: '123456789012', region: 'eu-west-1', stackName: 'Shop', stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Shop/1', notificationArns: [] };

const planned = (template: object, given: Record<string, string> = {}): Plan => {
  const read = templateOf(JSON.stringify(template));
  const values = parameterValues(read.parameters, Object.entries(given).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })), { previous: new Map(), stored: (name) => (name === '/known' ? 'stored' : undefined) });
  return planOf(read, values, PLACE);
};

const topic = (more: object = {}): object => ({ Type: 'AWS::SNS::Topic', ...more });

const SCOPE: Scope = {
  region: 'eu-west-1',
  mappings: new Map([['Sizes', { small: { memory: '128' }, large: { memory: '1024' } }]]),
  ref: (name) => `ref-${name}`,
  attribute: (id, name) => `${id}/${name}`,
  imported: (name) => `import-${name}`,
};

/** A template's value with what it must come to, built side by side. */
interface Pair {
  readonly value: unknown;
  readonly text: string;
}

const plain = fc.string({ maxLength: 8 }).filter((text) => !text.includes('${'));
const id = fc.constantFrom('Alpha', 'Beta', 'Gamma');

/** Nested functions whose results are texts. */
const pair: fc.Arbitrary<Pair> = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    plain.map((text) => ({ value: text, text })),
    id.map((name) => ({ value: { Ref: name }, text: `ref-${name}` })),
    id.map((name) => ({ value: { 'Fn::GetAtt': [name, 'Arn'] }, text: `${name}/Arn` })),
    id.map((name) => ({ value: { 'Fn::GetAtt': `${name}.Nested.Part` }, text: `${name}/Nested.Part` })),
    plain.map((name) => ({ value: { 'Fn::ImportValue': name }, text: `import-${name}` })),
    fc.constantFrom('small', 'large').map((size) => ({ value: { 'Fn::FindInMap': ['Sizes', size, 'memory'] }, text: size === 'small' ? '128' : '1024' })),
    fc.tuple(plain, fc.array(tie('pair'), { maxLength: 4 })).map(([by, items]) => ({ value: { 'Fn::Join': [by, items.map(({ value }) => value)] }, text: items.map(({ text }) => text).join(by) })),
    fc.tuple(fc.array(tie('pair'), { minLength: 1, maxLength: 4 }), fc.nat()).map(([items, at]) => ({ value: { 'Fn::Select': [String(at % items.length), items.map(({ value }) => value)] }, text: items[at % items.length]!.text })),
    tie('pair').map(({ value, text }) => ({ value: { 'Fn::Base64': value }, text: Buffer.from(text).toString('base64') })),
    fc.tuple(id, tie('pair')).map(([name, { value, text }]) => ({ value: { 'Fn::Sub': [`<\${${name}}|\${Own}|\${!Own}|\${${name}.Arn}>`, { Own: value }] }, text: `<ref-${name}|${text}|\${Own}|${name}/Arn>` })),
    fc.tuple(tie('pair'), tie('pair')).map(([one, other]) => ({ value: { 'Fn::Select': [1, { 'Fn::Split': ['\u0001', { 'Fn::Join': ['\u0001', [one.value, other.value]] }] }] }, text: other.text })),
  ),
})).pair.filter(({ text }) => !text.includes('\u0001'));

describe('values', () => {
  it('come to what a reference makes of them, however functions are nested', () => {
    fc.assert(fc.property(pair, ({ value, text }) => { expect(evaluated(value, SCOPE)).toBe(text); }), { seed: 7, numRuns: 500 });
  });

  it('take blocks out of a network, and name the zones of a region', () => {
    expect(evaluated({ 'Fn::Cidr': ['10.0.16.0/20', 3, '8'] }, SCOPE)).toEqual(['10.0.16.0/24', '10.0.17.0/24', '10.0.18.0/24']);
    expect(evaluated({ 'Fn::GetAZs': '' }, SCOPE)).toEqual(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
  });

  it.each([
    [{ 'Fn::Select': ['3', ['a']] }, 'Template error: Fn::Select cannot select nonexistent value at index 3'],
    [{ 'Fn::FindInMap': ['None', 'a', 'b'] }, 'Template error: Mapping named \'None\' is not present in the \'Mappings\' section of template.'],
    [{ 'Fn::FindInMap': ['Sizes', 'huge', 'memory'] }, 'Template error: Unable to get mapping for Sizes::huge::memory'],
    [{ 'Fn::Join': [',', 'a'] }, /every Fn::Join object requires two parameters/],
    [{ 'Fn::Transform': { Name: 'X' } }, 'sluice-engine does not implement Fn::Transform; write out what it would make'],
  ])('refuse %j', (value, message) => {
    expect(() => evaluated(value, SCOPE)).toThrow(message);
  });
});

describe('the order of resources', () => {
  const graph = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
    .map((edges) => edges.map((targets, index) => ({ id: `R${index}`, dependsOn: [...new Set(targets)].filter((target) => target < edges.length && target !== index).map((target) => `R${target}`) })));

  it('puts everything after what it needs, or names a circle and nobody outside it', () => {
    fc.assert(fc.property(graph, (items) => {
      const reachable = (from: string): Set<string> => {
        const seen = new Set<string>();
        const visit = (name: string): void => { for (const next of items.find((item) => item.id === name)!.dependsOn) if (!seen.has(next)) { seen.add(next); visit(next); } };
        visit(from);
        return seen;
      };
      const circular = items.filter((item) => reachable(item.id).has(item.id)).map((item) => item.id);
      let order: string[] = [];
      let named: string[] = [];
      try {
        order = ordered(items).map((item) => item.id);
      } catch (error) {
        named = /^Circular dependency between resources: \[(.*)\]$/.exec((error as Error).message)![1]!.split(', ');
      }

      expect(order.length).toBe(circular.length > 0 ? 0 : items.length);
      for (const [at, name] of order.entries()) expect(order.slice(0, at)).toEqual(expect.arrayContaining(items.find((item) => item.id === name)!.dependsOn));
      expect(named).toEqual(expect.arrayContaining(circular));
      // Whoever is named leads into a circle and is reached from one.
      for (const name of named) {
        expect(circular.some((member) => member === name || reachable(name).has(member))).toBe(true);
        expect(circular.some((member) => member === name || reachable(member).has(name))).toBe(true);
      }
    }), { seed: 11, numRuns: 500 });
  });

  it('follows DependsOn and whatever a property refers to', () => {
    const { resources } = planned({ Resources: {
      A: topic({ Properties: { DisplayName: { 'Fn::Sub': '${B.TopicName} ${P}' }, TopicName: { 'Fn::Join': ['', [{ Ref: 'C' }]] } } }),
      B: topic({ DependsOn: 'D' }), C: topic({ DependsOn: ['B'] }), D: topic(),
    }, Parameters: { P: { Type: 'String', Default: 'x' } } });

    expect(resources.map((resource) => resource.id)).toEqual(['D', 'B', 'C', 'A']);
    expect(resources.at(-1)!.dependsOn).toEqual(['B', 'C']);
  });
});

describe('conditions', () => {
  const truth: fc.Arbitrary<{ value: unknown; holds: boolean }> = fc.letrec<{ truth: { value: unknown; holds: boolean } }>((tie) => ({
    truth: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(fc.nat(2), fc.nat(2)).map(([one, other]) => ({ value: { 'Fn::Equals': [one, String(other)] }, holds: one === other })),
      fc.constant({ value: { Condition: 'Always' }, holds: true }),
      tie('truth').map(({ value, holds }) => ({ value: { 'Fn::Not': [value] }, holds: !holds })),
      fc.array(tie('truth'), { minLength: 2, maxLength: 4 }).map((parts) => ({ value: { 'Fn::And': parts.map(({ value }) => value) }, holds: parts.every(({ holds }) => holds) })),
      fc.array(tie('truth'), { minLength: 2, maxLength: 4 }).map((parts) => ({ value: { 'Fn::Or': parts.map(({ value }) => value) }, holds: parts.some(({ holds }) => holds) })),
    ),
  })).truth;

  it('decide which resources, properties and outputs there are', () => {
    fc.assert(fc.property(truth, ({ value, holds }) => {
      const { resources, outputs } = planned({
        Conditions: { It: value, Always: { 'Fn::Equals': ['a', 'a'] } },
        Resources: {
          Fixed: topic({ DependsOn: 'Maybe', Properties: { DisplayName: { 'Fn::If': ['It', 'yes', 'no'] }, TopicName: { 'Fn::If': ['It', 'named', { Ref: 'AWS::NoValue' }] } } }),
          Maybe: topic({ Condition: 'It' }),
        },
        Outputs: { Said: { Condition: 'It', Value: { Ref: 'Maybe' } } },
      });

      expect(resources.map((resource) => resource.id)).toEqual(holds ? ['Maybe', 'Fixed'] : ['Fixed']);
      expect(resources.at(-1)!.properties).toEqual(holds ? { DisplayName: 'yes', TopicName: 'named' } : { DisplayName: 'no' });
      expect(outputs.length).toBe(holds ? 1 : 0);
    }), { seed: 13, numRuns: 200 });
  });

  it('may not go in a circle', () => {
    const conditions = { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Not': [{ Condition: 'A' }] } };

    expect(() => planned({ Conditions: conditions, Resources: { T: topic() } })).toThrow('Circular dependency between conditions: [A, B]');
  });
});

describe('parameters', () => {
  const declared = (declaration: object): object => ({ Parameters: { P: declaration }, Resources: { T: topic({ Properties: { DisplayName: { Ref: 'P' } } }) } });

  it.each([
    [{ Type: 'String' }, {}, 'Parameters: [P] must have values'],
    [{ Type: 'String', Default: 'a' }, { Q: 'x' }, 'Parameters: [Q] do not exist in the template'],
    [{ Type: 'String', AllowedValues: ['a', 'b'] }, { P: 'c' }, 'Parameter \'P\' must be one of AllowedValues'],
    [{ Type: 'String', AllowedPattern: '[a-z]+' }, { P: 'A' }, 'Parameter \'P\' must match pattern [a-z]+'],
    [{ Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'lower case' }, { P: 'A' }, 'Parameter \'P\' failed to satisfy constraint: lower case'],
    [{ Type: 'String', MinLength: 2 }, { P: 'a' }, 'Parameter \'P\' must contain at least 2 characters'],
    [{ Type: 'String', MaxLength: '2' }, { P: 'abc' }, 'Parameter \'P\' must contain at most 2 characters'],
    [{ Type: 'Number', MinValue: 2 }, { P: '1' }, 'Parameter \'P\' must be a number not less than 2'],
    [{ Type: 'Number', MaxValue: 2 }, { P: '3' }, 'Parameter \'P\' must be a number not greater than 2'],
    [{ Type: 'Number' }, { P: 'x' }, 'Parameter \'P\' must be a number.'],
    [{ Type: 'AWS::SSM::Parameter::Value<String>' }, { P: '/gone' }, 'Unable to fetch parameters [/gone] from parameter store for this account.'],
    [{ Type: 'AWS::EC2::VPC::Id' }, { P: 'vpc-1' }, 'sluice-engine does not implement the parameter type AWS::EC2::VPC::Id (of P); declare the parameter as String'],
    [{ Type: 'Text' }, { P: 'x' }, 'Template format error: Unrecognized parameter type: Text'],
  ])('declared as %j, given %j, are refused', (declaration, given, message) => {
    expect(() => planned(declared(declaration), given)).toThrow(message);
  });

  it('take what is given, else the default; SSM types take what the store holds', () => {
    const values = (declaration: object, given: Record<string, string>): unknown => planned(declared(declaration), given).parameters.get('P')?.value;

    expect(values({ Type: 'Number', Default: 5 }, {})).toBe('5');
    expect(values({ Type: 'Number', Default: 5 }, { P: '6' })).toBe('6');
    expect(values({ Type: 'CommaDelimitedList' }, { P: 'a, b' })).toEqual(['a', 'b']);
    expect(values({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/known' }, {})).toBe('stored');
  });

  it('are held against the rules of the template', () => {
    const rule = { Assertions: [{ Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2'], { Ref: 'P' }] }] }, AssertDescription: 'version 3 is required' }] };
    const template = { ...declared({ Type: 'String' }), Rules: { Version: rule } };

    expect(() => planned(template, { P: '2' })).toThrow('version 3 is required');
    expect(planned(template, { P: '3' }).resources.length).toBe(1);
  });
});

describe('a template', () => {
  it.each([
    ['{"Resources": {', 'Template format error: JSON not well-formed. (line 1, column 16)'],
    ['Resources:\n  A: [', /^Template format error: YAML not well-formed\. \(line \d+, column \d+\)$/],
    ['{}', 'Template format error: At least one Resources member must be defined.'],
    ['[]', 'Template format error: unsupported structure.'],
    [{ Resources: { A: topic() }, Extra: 1 }, 'Invalid template property or properties [Extra]'],
    [{ Resources: { A: {} } }, 'Template format error: [/Resources/A] Every Resources object must contain a Type member.'],
    [{ Resources: { 'a-b': topic() } }, 'Template format error: Resource name a-b is non alphanumeric.'],
    [{ Resources: { A: topic({ Prop: {} }) } }, 'Invalid template resource property \'Prop\''],
    [{ Resources: { A: topic({ DeletionPolicy: 'Snapshot' }) } }, 'Template error: resource type AWS::SNS::Topic does not support deletion policy Snapshot'],
    [{ Resources: { A: topic({ Properties: { DisplayName: { Ref: 'B' } } }) } }, 'Template format error: Unresolved resource dependencies [B] in the Resources block of the template'],
    [{ Resources: { A: topic({ Properties: { DisplayName: { 'Fn::GetAtt': ['B', 'Arn'] } } }) } }, 'Template error: instance of Fn::GetAtt references undefined resource B'],
    [{ Resources: { A: topic({ DependsOn: 'B' }) } }, 'Template format error: Unresolved resource dependencies [B] in the Resources block of the template'],
    [{ Resources: { A: topic() }, Outputs: { O: { Value: { Ref: 'B' } } } }, 'Template format error: Unresolved resource dependencies [B] in the Outputs block of the template'],
    [{ Resources: { A: topic({ Condition: 'C' }) } }, 'Template format error: Unresolved condition dependency C in the Resources block of the template'],
    [{ Resources: { A: topic() }, Transform: 'AWS::Serverless-2016-10-31' }, 'sluice-engine does not implement Transform "AWS::Serverless-2016-10-31"; deploy the template that the transform makes'],
    [{ Resources: { A: topic({ UpdatePolicy: {} }) } }, 'sluice-engine does not implement UpdatePolicy (of A); leave it out'],
    [{ Resources: Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`R${index}`, topic()])) }, 'Template format error: Number of resources, 501, is greater than maximum allowed, 500'],
  ])('such as %.60j is refused', (template, message) => {
    const text = typeof template === 'string' ? template : JSON.stringify(template);

    expect(() => planOf(templateOf(text), new Map(), PLACE)).toThrow(message);
  });

  it('is the same in YAML with short forms as in JSON', () => {
    const yaml = `
Conditions:
  Big: !Equals [!Ref Size, large]
Parameters:
  Size: {Type: String, Default: large}
Resources:
  A:
    Type: AWS::SNS::Topic
    Condition: Big
    Properties:
      DisplayName: !Sub "\${B.TopicName} of \${AWS::Region}"
      TopicName: !If [Big, !Join ["-", [a, !GetAtt B.TopicName]], !Ref "AWS::NoValue"]
      Tags: [{Key: since, Value: 2012-10-17}]
  B:
    Type: AWS::SNS::Topic
`;
    const json = {
      Conditions: { Big: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] } },
      Parameters: { Size: { Type: 'String', Default: 'large' } },
      Resources: {
        A: { Type: 'AWS::SNS::Topic', Condition: 'Big', Properties: {
          DisplayName: { 'Fn::Sub': '${B.TopicName} of ${AWS::Region}' },
          TopicName: { 'Fn::If': ['Big', { 'Fn::Join': ['-', ['a', { 'Fn::GetAtt': 'B.TopicName' }]] }, { Ref: 'AWS::NoValue' }] },
          Tags: [{ Key: 'since', Value: '2012-10-17' }],
        } },
        B: { Type: 'AWS::SNS::Topic' },
      },
    };

    expect(templateOf(yaml)).toEqual(templateOf(JSON.stringify(json)));
  });

  it('that is nested or grows without measure is refused, and nothing else happens', () => {
    const doubled = Array.from({ length: 60 }).reduce((inner: unknown) => ({ 'Fn::Sub': ['${a}${a}', { a: inner }] }), 'xxxxxxxx');

    expect(() => templateOf(`{"Resources": ${'['.repeat(40_000)}`)).toThrow('nested deeper than 100 levels');
    expect(() => templateOf(`Resources: ${'['.repeat(40_000)}`)).toThrow('nested deeper than 100 levels');
    expect(() => templateOf(JSON.stringify({ Metadata: JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown, Resources: { A: topic() } }))).toThrow('nested deeper than 100 levels');
    expect(() => evaluated(doubled, SCOPE)).toThrow('a value has more than 1048576 characters');
    expect(() => planned({ Parameters: { P: { Type: 'String', AllowedPattern: '(' } }, Resources: { A: topic() } }, { P: 'x' })).toThrow('AllowedPattern of parameter P is no regular expression');
  });

  it('has no aliases, and no tags but the short forms', () => {
    expect(() => templateOf('Resources: &a\n  A: {Type: X}\nMappings: *a')).toThrow('YAML aliases are not allowed');
    expect(() => templateOf('Resources:\n  A: !Include x')).toThrow('the tag !Include is no short form of an intrinsic function');
  });
});
