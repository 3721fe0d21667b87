import { describe, expect, test } from 'vitest';
import { holds, type Context } from '../../lib/iam/policy/condition.ts';
import { readPolicy } from '../../lib/iam/policy/document.ts';
import { MalformedPolicy } from '../../lib/iam/policy/malformed.ts';
import { policy } from './stage.ts';

const CONTEXT: Context = {
  'aws:principalarn': 'arn:aws:iam::1:role/worker', name: 'Ann', count: '10', when: '2026-01-01T00:00:00Z', secure: 'true', 'aws:tagkeys': ['team', 'stage'], empty: [],
};

function verdict(operator: string, key: string, value: unknown): boolean {
  const { statements } = readPolicy(policy({ Action: '*', Resource: '*', Condition: { [operator]: { [key]: value } } }), 'identity');
  return statements.every(({ conditions }) => conditions.every((condition) => holds(condition, CONTEXT)));
}

describe('a condition', () => {
  test.each<[string, string, unknown, boolean]>([
    ['StringEquals', 'name', 'Ann', true], ['StringEquals', 'NAME', ['Bob', 'Ann'], true], ['StringEquals', 'name', 'ann', false], ['StringEquals', 'name', 'A*', false], ['StringEquals', 'absent', 'Ann', false],
    ['StringNotEquals', 'name', 'Ann', false], ['StringNotEquals', 'name', ['Bob', 'Ann'], false], ['StringNotEquals', 'name', 'Bob', true], ['StringNotEquals', 'absent', 'Ann', true],
    ['StringEqualsIgnoreCase', 'name', 'aNN', true], ['StringNotEqualsIgnoreCase', 'name', 'aNN', false],
    ['StringLike', 'name', 'A?n', true], ['StringLike', 'name', 'B*', false], ['StringNotLike', 'name', 'A*', false], ['StringNotLike', 'absent', '*', true],
    ['StringEquals', 'name', '${name}', true], ['StringLike', 'name', '${absent}', false],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/w*', true], ['ArnEquals', 'aws:PrincipalArn', 'arn:aws:iam::*:role/worker', true], ['ArnLike', 'aws:PrincipalArn', 'arn:*:role/worker', false],
    ['ArnLike', 'aws:PrincipalArn', '*', true], ['ArnNotLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/other', true], ['ArnNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::1:role/worker', false], ['ArnLike', 'name', '*', false],
    ['NumericEquals', 'count', 10, true], ['NumericEquals', 'count', '10.0', true], ['NumericNotEquals', 'count', 10, false], ['NumericLessThan', 'count', 10, false], ['NumericLessThanEquals', 'count', 10, true],
    ['NumericGreaterThan', 'count', 9, true], ['NumericGreaterThanEquals', 'count', 11, false], ['NumericEquals', 'name', 0, false],
    ['DateEquals', 'when', '2026-01-01T01:00:00+01:00', true], ['DateLessThan', 'when', '2026-06-01', true], ['DateGreaterThan', 'when', '1767225599', true], ['DateGreaterThanEquals', 'when', '1767225601', false], ['DateNotEquals', 'when', '2026-01-02', true],
    ['Bool', 'secure', true, true], ['Bool', 'secure', 'False', false], ['Bool', 'absent', 'false', false], ['BoolIfExists', 'absent', 'false', true],
    ['Null', 'absent', true, true], ['Null', 'name', 'true', false], ['Null', 'name', 'false', true],
    ['StringEqualsIfExists', 'absent', 'x', true], ['StringEqualsIfExists', 'name', 'x', false],
    ['ForAllValues:StringEquals', 'aws:TagKeys', ['team', 'stage', 'cost'], true], ['ForAllValues:StringEquals', 'aws:TagKeys', ['team'], false], ['ForAllValues:StringEquals', 'absent', 'x', true], ['ForAllValues:StringEquals', 'empty', 'x', true],
    ['ForAnyValue:StringEquals', 'aws:TagKeys', ['team'], true], ['ForAnyValue:StringLike', 'aws:TagKeys', 'c*', false], ['ForAnyValue:StringEquals', 'absent', 'x', false], ['ForAnyValue:StringNotEquals', 'aws:TagKeys', 'team', true],
    ['StringEquals', 'aws:TagKeys', 'team', true], ['StringNotEquals', 'aws:TagKeys', 'team', false],
  ])('%s %s %j: %s', (operator, key, value, expected) => {
    expect(verdict(operator, key, value)).toBe(expected);
  });
});

describe('a policy', () => {
  const good = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
  const refusal = (value: unknown, kind: 'identity' | 'resource' | 'trust' = 'identity'): unknown => {
    try {
      return readPolicy(typeof value === 'string' ? value : JSON.stringify(value), kind);
    } catch (error) {
      if (!(error instanceof MalformedPolicy)) throw error;
      return [error.message, error.why];
    }
  };
  const one = (statement: unknown): unknown => ({ Version: '2012-10-17', Statement: [statement] });

  test.each<[unknown, string]>([
    ['{', 'Syntax errors in policy.'],
    [[], 'Syntax errors in policy.'],
    [{ Version: '2012-10-17' }, 'Syntax errors in policy.'],
    [{ Version: '2020-01-01', Statement: [good] }, 'Syntax errors in policy.'],
    [{ Statement: [good] }, 'Policy document must be version 2012-10-17 or greater.'],
    [one({ ...good, Effect: 'allow' }), 'Syntax errors in policy.'],
    [one({ ...good, Unknown: 1 }), 'Syntax errors in policy.'],
    [one({ ...good, NotAction: 's3:*' }), 'Syntax errors in policy.'],
    [one({ ...good, Condition: { StringEquals: { a: { b: 1 } } } }), 'Syntax errors in policy.'],
    [one({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    [one({ Effect: 'Allow', Action: '*' }), 'Policy statement must contain resources.'],
    [one({ ...good, Action: 'GetObject' }), 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
    [one({ ...good, Resource: 'files/*' }), 'Resource files/* must be in ARN format or "*".'],
    [one({ ...good, Principal: '*' }), 'Policy document should not specify a principal.'],
    [one({ ...good, Condition: { StringNearly: { a: 'b' } } }), 'Invalid Condition type : StringNearly.'],
    [one({ ...good, Condition: { NumericNotLessThan: { a: 'b' } } }), 'Invalid Condition type : NumericNotLessThan.'],
    [{ Version: '2012-10-17', Statement: [{ ...good, Sid: 'A' }, { ...good, Sid: 'A' }] }, 'Statement IDs (SID) in a single policy must be unique.'],
  ])('%j is malformed', (value, message) => {
    expect(refusal(value)).toEqual([message, 'malformed']);
  });

  test('of trust has principals and no resource', () => {
    const trusting = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

    expect(refusal(one({ ...trusting, Resource: '*' }), 'trust')).toEqual(['Has prohibited field Resource', 'malformed']);
    expect(refusal(one({ Effect: 'Allow', Action: 'sts:AssumeRole' }), 'trust')).toEqual(['Missing required field Principal', 'malformed']);
    expect(refusal(one({ ...trusting, Principal: { AWS: 'somebody' } }), 'trust')).toEqual(['Invalid principal in policy: "AWS":"somebody"', 'malformed']);
    expect(refusal(one(trusting), 'trust')).toMatchObject({ statements: [{ effect: 'Allow', principals: { services: ['lambda.amazonaws.com'] } }] });
  });

  test.each<[unknown, string, 'identity' | 'resource']>([
    [one({ ...good, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }), 'IpAddress', 'identity'],
    [one({ ...good, Condition: { 'ForAnyValue:BinaryEquals': { k: 'QQ==' } } }), 'BinaryEquals', 'identity'],
    [one({ ...good, NotPrincipal: { AWS: '*' } }), 'NotPrincipal', 'resource'],
    [one({ ...good, Principal: { Federated: 'x' } }), 'Federated', 'resource'],
  ])('that the engine would not evaluate is refused by name: %j', (value, name, kind) => {
    expect(refusal(value, kind)).toEqual([expect.stringMatching(new RegExp(`^sluice-engine does not evaluate .*${name}`)), 'unsupported']);
  });

  test('of 2008 takes variables for text', () => {
    const { statements } = readPolicy(JSON.stringify({ Version: '2008-10-17', Statement: { ...good, Principal: '*', Resource: 'arn:aws:s3:::${aws:userid}' } }), 'resource');

    expect(statements[0]?.resources?.patterns[0]).toBeDefined();
  });
});
