import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPolicy, type PolicyKind } from '../../lib/iam/policy/document.ts';
import { evaluate, type AccessRequest, type Decision, type NamedPolicy, type PolicySet, type Principal } from '../../lib/iam/policy/evaluate.ts';
import { compilePattern, fits } from '../../lib/iam/policy/wildcard.ts';
import { policy, type StatementText } from './stage.ts';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const SESSION: Principal = { kind: 'session', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/one`, account: ACCOUNT, roleArn: ROLE, userId: 'AROAEXAMPLE:one' };

function named(name: string, kind: PolicyKind, ...statements: readonly StatementText[]): NamedPolicy {
  return { name, document: readPolicy(policy(...statements), kind) };
}

function request(parts: Partial<AccessRequest> = {}): AccessRequest {
  return { principal: SESSION, action: 's3:GetObject', resource: 'arn:aws:s3:::files/a', context: {}, ...parts };
}

function decide(statements: readonly StatementText[], parts: Partial<AccessRequest> = {}, more: Partial<PolicySet> = {}): Decision {
  return evaluate(request(parts), { identity: statements.length === 0 ? [] : [named('own', 'identity', ...statements)], ...more });
}

describe('a pattern', () => {
  /** The definition, without any regard to time. */
  function reference(pattern: string, text: string): boolean {
    const [first, ...rest] = pattern;
    if (first === undefined) return text === '';
    if (first === '*') return reference(rest.join(''), text) || (text !== '' && reference(pattern, text.slice(1)));
    return text !== '' && (first === '?' || first === text[0]) && reference(rest.join(''), text.slice(1));
  }
  const piece = fc.constantFrom('a', 'b', ':', '/', '*', '?');

  test('fits what its definition says', () => {
    fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), fc.array(fc.constantFrom('a', 'b', ':', '/'), { maxLength: 8 }), (pattern, text) => {
      expect(fits(compilePattern(pattern.join(''))!, text.join(''))).toBe(reference(pattern.join(''), text.join('')));
    }), { numRuns: 3000 });
  });

  test('of many stars is matched in time', () => {
    expect(fits(compilePattern(`${'*a'.repeat(2000)}b`)!, 'a'.repeat(4000))).toBe(false);
  });

  test.each([
    ['${aws:username}/*', 'ann/x', true], ['${aws:username}/*', 'bob/x', false], ['${AWS:UserName}', 'ann', true],
    ['${missing}/*', '/x', false], ["${missing, 'none'}/*", 'none/x', true],
    ['a${*}b', 'a*b', true], ['a${*}b', 'axb', false], ['a${?}', 'ab', false], ['${$}{x}', '${x}', true], ['${wild}', 'anything', false], ['${wild}', '*', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    const variables: Readonly<Record<string, string>> = { 'aws:username': 'ann', wild: '*' };
    const compiled = compilePattern(pattern, (name) => variables[name.toLowerCase()]);

    expect(compiled !== undefined && fits(compiled, text)).toBe(expected);
  });
});

describe('a decision', () => {
  test.each<[string, StatementText, Partial<AccessRequest>, boolean]>([
    ['the action in another case', { Action: 'S3:getobject', Resource: '*' }, {}, true],
    ['a wildcard action', { Action: 's3:Get*', Resource: '*' }, {}, true],
    ['another action', { Action: 's3:PutObject', Resource: '*' }, {}, false],
    ['everything but some actions', { NotAction: ['s3:Put*', 'iam:*'], Resource: '*' }, {}, true],
    ['everything but this action', { NotAction: 's3:Get*', Resource: '*' }, {}, false],
    ['everything but another resource', { Action: '*', NotResource: 'arn:aws:s3:::other/*' }, {}, true],
    ['everything but this resource', { Action: '*', NotResource: 'arn:aws:s3:::files/*' }, {}, false],
    ['the resource in another case', { Action: '*', Resource: 'arn:aws:s3:::Files/*' }, {}, false],
    ['a resource with a variable', { Action: '*', Resource: 'arn:aws:s3:::files/${aws:userid}' }, { resource: 'arn:aws:s3:::files/me', context: { 'aws:userid': 'me' } }, true],
    ['a resource with a variable that is missing', { Action: '*', Resource: 'arn:aws:s3:::files/${aws:userid}' }, {}, false],
    ['only the unqualified function', { Action: '*', Resource: 'arn:aws:lambda:us-east-1:1:function:f' }, { action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:us-east-1:1:function:f:live' }, false],
  ])('is by %s', (_, statement, parts, allowed) => {
    expect(decide([statement], parts).decision).toBe(allowed ? 'allow' : 'deny');
  });

  test('names the statement that allowed, with what fitted in it', () => {
    expect(decide([{ Action: 'iam:*', Resource: '*' }, { Sid: 'Read', Action: ['s3:List*', 's3:Get*'], Resource: ['arn:aws:s3:::files', 'arn:aws:s3:::files/*'] }])).toEqual({
      decision: 'allow', reason: 'identity-policy', statement: { policy: 'own', type: 'identity', index: 1, sid: 'Read', action: 's3:Get*', resource: 'arn:aws:s3:::files/*' },
    });
  });

  test.each<[string, unknown, boolean, Decision['reason'], Decision['reason']]>([
    // A principal; whether the policy alone opens the door; the reason without an identity policy, and with one that allows.
    ['everybody', '*', false, 'resource-policy', 'resource-policy'],
    ['the role', { AWS: ROLE }, false, 'resource-policy', 'resource-policy'],
    ['the session', { AWS: SESSION.arn }, true, 'resource-policy', 'resource-policy'],
    ['the account', { AWS: ACCOUNT }, false, 'no-identity-policy', 'identity-policy'],
    ['the account\'s root', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, true, 'no-identity-policy', 'identity-policy'],
    ['another role', { AWS: `${ROLE}-2` }, false, 'no-identity-policy', 'identity-policy'],
    ['another role, alone to open the door', { AWS: `${ROLE}-2` }, true, 'no-resource-policy', 'no-resource-policy'],
    ['a service', { Service: 's3.amazonaws.com' }, true, 'no-resource-policy', 'no-resource-policy'],
  ])('by a resource\'s policy that allows %s', (_, Principal, delegated, alone, beside) => {
    const more: Partial<PolicySet> = { resource: named('door', 'resource', { Principal, Action: '*', Resource: '*' }), delegated };

    expect([decide([], {}, more).reason, decide([{ Action: '*', Resource: '*' }], {}, more).reason]).toEqual([alone, beside]);
  });

  test('on a service is by the resource\'s policy, which may hold it to a source', () => {
    const resource = named('door', 'resource', { Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction', Resource: '*', Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:*:*:rule/r' }, StringEquals: { 'aws:SourceAccount': ACCOUNT } } });
    const ask = (name: string, source: string): string => decide([], { principal: { kind: 'service', name }, action: 'lambda:InvokeFunction', context: { 'aws:sourcearn': `arn:aws:events:us-east-1:1:rule/${source}`, 'aws:sourceaccount': ACCOUNT } }, { resource }).decision;

    expect([ask('events.amazonaws.com', 'r'), ask('events.amazonaws.com', 'q'), ask('s3.amazonaws.com', 'r')]).toEqual(['allow', 'deny', 'deny']);
  });
});

describe('whatever the policies', () => {
  const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 'iam:GetRole');
  const pattern = fc.constantFrom('*', 's3:*', 's3:Get*', 's3:PutObject', 'iam:?etRole');
  const resource = fc.constantFrom('arn:aws:s3:::a', 'arn:aws:s3:::a/b', 'arn:aws:s3:::c');
  const place = fc.constantFrom('*', 'arn:aws:s3:::a*', 'arn:aws:s3:::a/?', 'arn:aws:s3:::c');
  const condition = fc.option(fc.constantFrom({ StringEquals: { k: 'v' } }, { StringNotEquals: { k: 'v' } }, { Null: { k: 'true' } }), { nil: undefined });
  const body = fc.record({ Action: fc.array(pattern, { minLength: 1, maxLength: 2 }), Resource: fc.array(place, { minLength: 1, maxLength: 2 }), Condition: condition });
  const allows = body.map(({ Condition, ...rest }): StatementText => ({ ...rest, ...(Condition && { Condition }) }));
  const denies = allows.map((statement): StatementText => ({ ...statement, Effect: 'Deny' }));
  const statements = fc.array(fc.oneof(allows, denies), { minLength: 1, maxLength: 5 });
  const asked = fc.record({ action, resource, context: fc.constantFrom({}, { k: 'v' }, { k: 'w' }) });

  test('another allow takes nothing away', () => {
    fc.assert(fc.property(statements, allows, asked, (given, more, parts) => {
      fc.pre(decide(given, parts).decision === 'allow');
      expect(decide([...given, more], parts).decision).toBe('allow');
    }));
  });

  test('another deny gives nothing, and wins where it fits', () => {
    fc.assert(fc.property(statements, denies, asked, (given, more, parts) => {
      const alone = decide([{ ...more, Effect: 'Allow' }], parts).decision === 'allow';
      const { decision, reason } = decide([...given, more], parts);
      expect(decision === 'allow').toBe(decide(given, parts).decision === 'allow' && !alone);
      expect(alone && reason !== 'explicit-deny').toBe(false);
    }));
  });

  test('the order of the statements changes no decision', () => {
    fc.assert(fc.property(statements, asked, (given, parts) => {
      expect(decide(given.toReversed(), parts).decision).toBe(decide(given, parts).decision);
    }));
  });

  test('nothing is allowed by nothing', () => {
    fc.assert(fc.property(asked, (parts) => { expect(decide([], parts)).toEqual({ decision: 'deny', reason: 'no-identity-policy' }); }));
  });
});
