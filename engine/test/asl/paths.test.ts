import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath } from '../../lib/states/asl/jsonpath/parser.ts';
import { putReference, type Reference } from '../../lib/states/asl/jsonpath/reference.ts';
import { play, single } from './play.ts';

const BOOKS = { store: { books: [{ title: 'A', price: 8, tags: ['x'] }, { title: 'B', price: 12 }, { title: 'C', price: 20 }], 'open hours': '9-5' }, limit: 10 };

function read(path: string, root: unknown): unknown {
  const parsed = parsePath(path);
  return typeof parsed === 'string' ? `unreadable: ${parsed}` : parsed.read(root);
}

const names = fc.oneof(fc.stringMatching(/^[A-Za-z_][\w-]{0,8}$/), fc.string({ minLength: 1, maxLength: 6 }).filter((name) => !/['"\\\]]/.test(name) && name !== '__proto__'));
const references = fc.array(names, { minLength: 1, maxLength: 5 });

function printed(reference: Reference): string {
  return `$${reference.map((step) => (typeof step === 'string' ? `['${step}']` : `[${step}]`)).join('')}`;
}

describe('a path', () => {
  test.each([
    ['$', BOOKS], ['$.limit', 10], ['$[\'limit\']', 10], ['$.store["open hours"]', '9-5'], ['$.store.books[0].title', 'A'], ['$.store.books[-1].title', 'C'],
    ['$.store.books[*].title', ['A', 'B', 'C']], ['$.store.books[0,2].title', ['A', 'C']], ['$.store.books[1:].price', [12, 20]], ['$.store.books[:-1].price', [8, 12]],
    ['$..title', ['A', 'B', 'C']], ['$.store.books[?(@.price < 10)].title', ['A']], ['$.store.books[?(@.price > $.limit)].title', ['B', 'C']],
    ['$.store.books[?(@.tags)].title', ['A']], ['$.store.books[?(@.title == \'B\' || @.price == 20)].title', ['B', 'C']], ['$.store.books[?(!(@.price >= 12) && @.title =~ /a/i)].title', ['A']],
    ['$.nothing[*].here', []], ['$.store.books[?(@.title in [\'A\',\'C\'])].price', [8, 20]],
  ])('%s finds what it means', (path, value) => {
    expect(read(path, BOOKS)).toEqual({ found: true, value });
  });

  test.each([
    ['$.nothing', 'No results for path: $[\'nothing\']'],
    ['$.no.such', 'Missing property in path $[\'no\']'],
    ['$.store.books[7]', 'No results for path: $[\'store\'][\'books\'][7]'],
  ])('%s that finds nothing says so in Jayway\'s words', (path, reason) => {
    expect(read(path, BOOKS)).toEqual({ found: false, reason });
  });

  test.each(['', 'a.b', '$.', '$.a[', '$[?(@.a ==)]', '$[\'a]', '$.a b', '$[1,\'a\']'])('%j is none', (path) => {
    expect(read(path, {})).toMatch(/^unreadable: /);
  });

  test('reads back what was put where it points, and nothing else changed', () => {
    fc.assert(fc.property(fc.dictionary(names, fc.jsonValue({ maxDepth: 2 })), references, fc.jsonValue(), fc.uuid(), (root, reference, value, name) => {
      const before = structuredClone(root);
      const fresh = [name, ...reference];

      const after = putReference(root, fresh, value) as Record<string, unknown>;

      expect(read(printed(fresh), after)).toEqual({ found: true, value });
      expect(root).toEqual(before);
      expect({ ...after, [name]: undefined }).toEqual({ ...before, [name]: undefined });
    }));
  });
});

describe('ResultPath', () => {
  test('through a scalar fails by the step that could not be applied, and can be caught', async () => {
    const pass = { Type: 'Pass', Result: 1, ResultPath: '$.a.b', End: true };

    const { outcome } = await play(single(pass), { input: { a: 5 } });

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.ResultPathMatchFailure' });
    expect(outcome).toHaveProperty('cause', expect.stringContaining('Unable to apply step "b" to input {"a":5}'));
  });
});
